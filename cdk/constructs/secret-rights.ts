import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { beginning } from '../secret-prefixes.ts';
import type { Settings } from '../settings.ts';

export type SecretSettings = Pick<Settings, 'secretName' | 'secretArns' | 'keyAlias'>;

/**
 * Lets one function look whether secrets and keys are there, and others read them: secrets whose names begin as the
 * rule says, and keys with such an alias.
 */
export function grantSecrets(
  scope: Construct,
  { secretName, secretArns, keyAlias }: SecretSettings,
  { checks, reads }: { readonly checks: LambdaFunction; readonly reads: readonly LambdaFunction[] },
): void {
  const arn = (service: string, resource: string, resourceName: string, arnFormat: ArnFormat) =>
    Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat });
  const secrets = [
    arn('secretsmanager', 'secret', `${beginning(secretName)}*`, ArnFormat.COLON_RESOURCE_NAME),
    ...secretArns,
  ];
  const keys = [arn('kms', 'key', '*', ArnFormat.SLASH_RESOURCE_NAME)];
  const conditions = { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': `${beginning(keyAlias)}*` } };
  const allow = (to: LambdaFunction, actions: string[], resources: string[], when?: object) =>
    to.addToRolePolicy(new PolicyStatement({ actions, resources, ...(when ? { conditions: when } : {}) }));
  allow(checks, ['secretsmanager:DescribeSecret'], secrets);
  allow(checks, ['kms:DescribeKey'], keys, conditions);
  for (const reader of reads) {
    allow(reader, ['secretsmanager:GetSecretValue'], secrets);
    // For variables that are encrypted, and for secrets that are encrypted with a key of the user's own.
    allow(reader, ['kms:Decrypt'], keys, conditions);
  }
}
