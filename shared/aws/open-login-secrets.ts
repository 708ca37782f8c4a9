import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { LoginSecrets } from '../ports/login-secrets.ts';
import { AwsLoginSecrets } from './login-secrets.ts';

/** The logins that a deployment keeps; `prefix` begins the names of their secrets, and an empty `keyId` is none. */
export function openLoginSecrets(prefix: string, keyId = ''): LoginSecrets {
  const client = new SecretsManagerClient({ maxAttempts: 6 });
  return new AwsLoginSecrets({ client, prefix, keyId: keyId || undefined });
}
