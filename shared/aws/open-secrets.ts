import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AwsSecrets } from './aws-secrets.ts';
import type { SecretRules } from './secret-names.ts';

/** The secrets of a deployment's account; the right to use them comes from the function's surroundings. */
export function openSecrets(rules: SecretRules): AwsSecrets {
  return new AwsSecrets({ secretsManager: new SecretsManagerClient(), kms: new KMSClient(), rules });
}
