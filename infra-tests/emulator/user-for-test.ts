import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { onTestFinished } from 'vitest';
import type { Clients } from './aws-clients.ts';
import type { Credentials } from './signed-fetch.ts';

/** What a user may do: a managed policy, by its ARN, or a policy of the user's own. */
export type Right = string | { readonly Version: string; readonly Statement: readonly object[] };

const OWN = 'own';

/** The key of a user of the account who has this right and no other, until the test that asks is through. */
export async function userForTest({ iam }: Pick<Clients, 'iam'>, right?: Right): Promise<Credentials> {
  const UserName = `test-${crypto.randomUUID().slice(0, 8)}`;
  const PolicyArn = typeof right === 'string' ? right : undefined;
  await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  if (typeof right === 'object')
    await iam.send(
      new PutUserPolicyCommand({ UserName, PolicyName: OWN, PolicyDocument: JSON.stringify(right) }),
    );
  else if (right !== undefined) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  onTestFinished(async () => {
    if (typeof right === 'object') await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: OWN }));
    else if (right !== undefined) await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key?.AccessKeyId }));
    await iam.send(new DeleteUserCommand({ UserName }));
  });
  return { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' };
}
