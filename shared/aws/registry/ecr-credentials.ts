import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { ecrRegion } from '../../core/image/ecr-registry.ts';
import { ImageError } from '../../core/image/image-error.ts';
import type { RegistryCredentials } from '../../ports/image-registry.ts';

type SendToken = (region: string) => Promise<string | undefined>;

/**
 * Credentials for ECR registries, by the rights of whoever runs this; undefined for others. A token is good for any
 * registry of its region that the role may read, and for twelve hours, longer than this lives.
 */
export function ecrCredentials(
  fetchToken: SendToken = fetchEcrToken,
): (registry: string) => Promise<RegistryCredentials | undefined> {
  const known = new Map<string, Promise<RegistryCredentials>>();
  return async (registry) => {
    const region = ecrRegion(registry);
    if (region === undefined) return undefined;
    const credentials = known.get(region) ?? credentialsOf(region, fetchToken);
    known.set(region, credentials);
    // A failure is not kept: the rights may be given meanwhile.
    credentials.catch(() => known.delete(region));
    return credentials;
  };
}

async function credentialsOf(region: string, fetchToken: SendToken): Promise<RegistryCredentials> {
  const token = await fetchToken(region).catch((error: Error) => {
    throw new ImageError(
      'DENIED',
      `ECR in ${region} gives no token: ${error.message}; plan-job's role needs ecr:GetAuthorizationToken`,
    );
  });
  const [username, ...password] = Buffer.from(token ?? '', 'base64')
    .toString('utf8')
    .split(':');
  if (!username || password.length === 0)
    throw new ImageError('INVALID', `ECR in ${region} gives an empty token`);
  return { username, password: password.join(':') };
}

async function fetchEcrToken(region: string): Promise<string | undefined> {
  const { authorizationData } = await new ECRClient({ region }).send(new GetAuthorizationTokenCommand({}));
  return authorizationData?.[0]?.authorizationToken;
}
