import { readFileSync, statSync } from 'node:fs';
import { EnvironmentError, type Variables } from './environment.ts';

const SECRET_NAME = /^projects\/[^/]+\/secrets\/([^/]+)(?:\/versions\/[^/]+)?$/;

/** Finds the values of secrets, named as in Secret Manager, on this machine. */
export class LocalSecrets {
  readonly #file: string | undefined;
  readonly #own: NodeJS.ProcessEnv;
  #fromFile: Map<string, string> | undefined;

  /** `file`: JSON of secret name to value, readable by its owner only. `own`: the agent's environment. */
  constructor(file: string | undefined, own: NodeJS.ProcessEnv) {
    this.#file = file;
    this.#own = own;
  }

  /** Values for a map of variable names to secret names. Throws an EnvironmentError for the first that has none. */
  resolve(secretVariables: Variables): Record<string, string> {
    const values: Record<string, string> = {};
    for (const [variable, secret] of Object.entries(secretVariables)) {
      values[variable] = this.#value(variable, secret);
    }
    return values;
  }

  #value(variable: string, secret: string): string {
    const short = SECRET_NAME.exec(secret)?.[1] ?? secret;
    const ownName = `SLUICE_SECRET_${short.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
    const inFile = this.#readFile(variable, secret);
    const value = inFile.get(secret) ?? inFile.get(short) ?? this.#own[ownName];
    if (value !== undefined) return value;
    throw unresolved(variable, secret, `it is neither in the secrets file nor in ${ownName}`);
  }

  #readFile(variable: string, secret: string): Map<string, string> {
    if (this.#fromFile !== undefined) return this.#fromFile;
    if (this.#file === undefined) return new Map();
    try {
      this.#fromFile = readSecretsFile(this.#file);
      return this.#fromFile;
    } catch (error) {
      throw unresolved(variable, secret, (error as Error).message);
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

function unresolved(variable: string, secret: string, why: string): EnvironmentError {
  return new EnvironmentError(
    `secret ${secret} for environment variable ${variable} cannot be resolved: ${why}`,
  );
}
