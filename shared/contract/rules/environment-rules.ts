import type { Environment } from '../environment.ts';
import type { Problems } from '../proto/problems.ts';
import { shortJson } from '../proto/problems.ts';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Google's name of a secret's version, or, ours, the ARN of a secret of Secrets Manager. */
const SECRET_VERSION =
  /^(?:projects\/[^/]+\/secrets\/[^/]+\/versions\/[^/]+|arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[^\s]+)$/;

/** Checks an environment that stands here: names, secrets, and that no variable is given in two ways. Values are never echoed. */
export function checkEnvironment(problems: Problems, environment: Environment | undefined): void {
  if (environment === undefined) return;
  const { variables = {}, secretVariables, encryptedVariables } = environment;
  problems.eachEntry('variables', variables, (name, value) => {
    checkName(problems, name);
    if (value.includes('\0')) problems.add('must not hold a NUL character; given one that does');
  });
  problems.eachEntry('secretVariables', secretVariables, (name, secret) => {
    checkName(problems, name);
    if (Object.hasOwn(variables, name)) {
      problems.add(`${shortJson(name)} must be in only one of variables and secretVariables; given in both`);
    }
    if (!SECRET_VERSION.test(secret)) {
      problems.refuse(secret, 'of the form projects/{project}/secrets/{secret}/versions/{version}');
    }
  });
  if (encryptedVariables === undefined) return;
  problems.at('encryptedVariables', () => {
    for (const field of ['keyName', 'cipherText'] as const) {
      if (!encryptedVariables[field]) problems.at(field, () => problems.add('is required; given nothing'));
    }
  });
}

function checkName(problems: Problems, name: string): void {
  if (VARIABLE.test(name)) return;
  problems.add(
    `variable name must be letters, digits and "_", not starting with a digit; given ${shortJson(name)}`,
  );
}
