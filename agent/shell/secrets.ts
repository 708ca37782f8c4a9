import { readFileSync, statSync } from 'node:fs';
import { shortSecretName } from '../../shared/core/secret-name.ts';
import type { NodeSecrets } from '../../shared/ports/node-secrets.ts';
import { EnvironmentError, type Variables } from './environment.ts';

/** Finds the values of secrets, named as in Secret Manager: among those that the node was given, or on this machine. */
export class LocalSecrets {
  readonly #file: string | undefined;
  readonly #own: NodeJS.ProcessEnv;
  readonly #given: NodeSecrets | undefined;
  #fromFile: Map<string, string> | undefined;

  /** `file`: JSON of secret name to value, readable by its owner only. `own`: the agent's environment. `given`: what came with the node. */
  constructor(file: string | undefined, own: NodeJS.ProcessEnv, given?: NodeSecrets) {
    this.#file = file;
    this.#own = own;
    this.#given = given;
  }

  /** Values for a map of variable names to secret names. Throws an EnvironmentError for the first that has none. */
  resolve(secretVariables: Variables): Record<string, string> {
    const values: Record<string, string> = {};
    for (const [variable, secret] of Object.entries(secretVariables)) {
      values[variable] = this.value(`environment variable ${variable}`, secret);
    }
    return values;
  }

  /** The value of one secret. `what`: what it is for, in the words of the EnvironmentError that says that it has none. */
  value(what: string, secret: string): string {
    if (this.#given !== undefined) return this.#givenValue(what, secret, this.#given[secret]);
    const short = shortSecretName(secret) ?? secret;
    const ownName = `SLUICE_SECRET_${short.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
    const inFile = this.#readFile(what, secret);
    const value = inFile.get(secret) ?? inFile.get(short) ?? this.#own[ownName];
    if (value !== undefined) return value;
    throw unresolved(what, secret, `it is neither in the secrets file nor in ${ownName}`);
  }

  /** The variables of a cipher text. Throws an EnvironmentError when they could not be decrypted. */
  decrypted(cipherText: string): Readonly<Record<string, string>> {
    const found = this.#given?.[cipherText];
    if (found !== undefined && 'variables' in found) return found.variables;
    if (found !== undefined && 'problem' in found)
      throw new EnvironmentError(`encrypted variables cannot be decrypted: the cipher text ${found.problem}`);
    throw new EnvironmentError('encrypted variables need a key service, which this node does not have');
  }

  #givenValue(what: string, secret: string, found: NodeSecrets[string] | undefined): string {
    if (found !== undefined && 'value' in found) return found.value;
    const why =
      found !== undefined && 'problem' in found ? `it ${found.problem}` : 'the node was not given it';
    throw unresolved(what, secret, why);
  }

  #readFile(what: string, secret: string): Map<string, string> {
    if (this.#fromFile !== undefined) return this.#fromFile;
    if (this.#file === undefined) return new Map();
    try {
      this.#fromFile = readSecretsFile(this.#file);
      return this.#fromFile;
    } catch (error) {
      throw unresolved(what, secret, (error as Error).message);
    }
  }
}

function readSecretsFile(file: string): Map<string, string> {
  let text: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0) {
      throw new Error(`the secrets file ${file} can be read by others; run: chmod 600 ${file}`);
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    // The parser's own message would quote the file.
    throw new Error(`the secrets file ${file} is not a JSON object of names and values`);
  }
}

function unresolved(what: string, secret: string, why: string): EnvironmentError {
  return new EnvironmentError(`secret ${secret} for ${what} cannot be resolved: ${why}`);
}
