import { Stack } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../../functions/lambda/environment.ts';
import type { SettingName } from '../settings.ts';

/**
 * Of all variables of a function (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). What is measured is
 * their JSON, as Lambda's error shows it: quotation marks in a value count twice.
 */
const BYTES_AT_MOST = 4096;
/** What JSON puts around a variable and its value, with the comma; of the braces around all, one stands for the last comma. */
const AROUND = '"":"",'.length;
/** The shortest of what only a deployment knows is the name of a partition, `aws`. */
const UNKNOWN_BYTES = 3;

/** Settings without a limit of their own, by the variable that tells functions of them. */
const grownBy: Readonly<Record<string, readonly SettingName[]>> = {
  LIMITS: ['projectLimits'],
  NODE_REGION: ['subnetIds', 'privateSubnetIds', 'locationAliases'],
  PLAIN_HTTP_REGISTRIES: ['plainHttpRegistries'],
  REGISTRY_MIRRORS: ['registryMirrors'],
  SECRETS: ['secretArns', 'secretName', 'keyAlias'],
  SERVICE_ACCOUNTS: ['serviceAccounts'],
  JWT_AUDIENCE: ['jwtAudience'],
  JWT_FULL_ACCESS: ['jwtFullAccess'],
  JWT_READ_ONLY: ['jwtReadOnly'],
};

/**
 * Why Lambda would not take a function's variables, with the settings that fill them; nothing where it may. What only a
 * deployment knows counts as little as it can be, so that what fits is never refused.
 */
export function environmentProblems(name: FunctionName, made: LambdaFunction): string[] {
  const { environment } = made.node.defaultChild as CfnFunction;
  const { variables = {} } = (Stack.of(made).resolve(environment) ?? {}) as {
    variables?: Readonly<Record<string, unknown>>;
  };
  const sizes = Object.entries(variables)
    .map(([variable, value]) => ({ variable, bytes: variable.length + leastBytes(value) + AROUND }))
    .sort((one, other) => other.bytes - one.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= BYTES_AT_MOST) return [];
  const words = sizes.slice(0, 3).map(({ variable, bytes }) => {
    const settings = grownBy[variable];
    return `${variable} ${bytes}${settings === undefined ? '' : ` (${settings.join(', ')})`}`;
  });
  return [
    `the variables of the function ${name} take ${total} bytes or more, and Lambda lets a function have ${BYTES_AT_MOST}; the longest, and the settings in them: ${words.join('; ')}`,
  ];
}

/** Of a value in a template: text, or text joined of what is known and what is not. */
function leastBytes(value: unknown): number {
  if (typeof value === 'string') return bytesInJson(value);
  const [separator, parts] =
    (value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] })['Fn::Join'] ?? [];
  if (separator === undefined || parts === undefined) return UNKNOWN_BYTES;
  const between = bytesInJson(separator) * Math.max(0, parts.length - 1);
  return parts.reduce((sum: number, part) => sum + leastBytes(part), between);
}

function bytesInJson(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - '""'.length;
}
