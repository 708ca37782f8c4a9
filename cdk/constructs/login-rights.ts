import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { RegularFunction } from '../../functions/lambda/environment.ts';
import { loginPrefix } from '../secret-prefixes.ts';
import { deploymentName } from './deployment-name.ts';
import type { NodeCluster } from './node-cluster.ts';
import type { ServiceFunctions } from './service-functions.ts';

/**
 * The plan of a job makes secrets of the logins of its containers, whoever ends the job deletes them, and ECS alone reads them:
 * by the role that starts nodes, which no program on a node has.
 */
export function grantLogins(
  scope: Construct,
  functions: ServiceFunctions['all'],
  { executionRole }: NodeCluster,
  key: IKey | undefined,
): void {
  const stack = Stack.of(scope);
  const secrets = stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${loginPrefix(deploymentName(scope))}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const right = (actions: string[], resource = secrets) =>
    new PolicyStatement({ actions, resources: [resource] });
  const allow = (name: RegularFunction, ...actions: string[]) =>
    functions[name].addToRolePolicy(right(actions));
  allow('plan-job', 'secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue');
  for (const name of ['plan-job', 'finish-job', 'give-up-job', 'sweep-jobs'] as const)
    allow(name, 'secretsmanager:DeleteSecret');
  // AWS knows no resources for lists.
  functions['sweep-jobs'].addToRolePolicy(right(['secretsmanager:ListSecrets'], '*'));
  executionRole.addToPolicy(right(['secretsmanager:GetSecretValue']));
  if (key === undefined) return;
  // Functions may use the key for the table already. ECS gets no more than what Secrets Manager asks for in its name.
  executionRole.addToPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [key.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': `secretsmanager.${stack.region}.${stack.urlSuffix}` },
        StringLike: { 'kms:EncryptionContext:SecretARN': secrets },
      },
    }),
  );
}
