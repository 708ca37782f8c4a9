import { DecryptCommand, DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  type GetSecretValueCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { unavailable, type Violation } from '../contract/error.ts';
import type { SecretUse } from '../core/secret-uses.ts';
import type { NodeSecrets } from '../ports/node-secrets.ts';
import { idOfKey, placeOfSecret, type SecretRules } from './secret-names.ts';

export interface AwsSecretsPorts {
  readonly secretsManager: Pick<SecretsManagerClient, 'send'>;
  readonly kms: Pick<KMSClient, 'send'>;
  readonly rules: SecretRules;
}

const NOT_FOUND = 'ResourceNotFoundException';

/** Errors that stay what they are, in words for whoever wrote the job. Any other may pass. */
const lasting: Readonly<Record<string, string>> = {
  [NOT_FOUND]: 'is not there',
  NotFoundException: 'is not there',
  AccessDeniedException: 'may not be read by this deployment',
  InvalidRequestException: 'is about to be deleted',
  InvalidParameterException: 'has a name that Secrets Manager does not take',
  InvalidArnException: 'has an ARN that KMS does not take',
  DecryptionFailure: 'is encrypted with a key that this deployment may not use',
  InvalidCiphertextException: 'was not encrypted by this key, or is no base64',
  IncorrectKeyException: 'was not encrypted by this key',
  DisabledException: 'has a key that is disabled',
  KMSInvalidStateException: 'has a key that cannot be used in its present state',
};

const variables = z.record(z.string(), z.string());

/** Secrets in Secrets Manager, and variables encrypted by KMS. No value is in any error. */
export class AwsSecrets {
  readonly #ports: AwsSecretsPorts;

  constructor(ports: AwsSecretsPorts) {
    this.#ports = ports;
  }

  /** What is wrong with the secrets that a job of a project names, without reading any; each is looked at once. */
  async problems(uses: readonly SecretUse[], project: string): Promise<Violation[]> {
    const distinct = new Map(uses.map((use) => [lookedAt(use), use]));
    const looks = [...distinct].map(async ([key, use]) => {
      const problem =
        use.kind === 'secret'
          ? await this.#secretProblem(use.secret, project)
          : await this.#keyProblem(use.keyName);
      return [key, problem] as const;
    });
    const found = new Map(await Promise.all(looks));
    return uses.flatMap((use) => {
      const description = found.get(lookedAt(use));
      return description === undefined ? [] : [{ field: use.path, description }];
    });
  }

  /** The values for a node, each read once. Throws UNAVAILABLE for what may pass, so that the node asks again. */
  async resolve(uses: readonly SecretUse[], project: string): Promise<NodeSecrets> {
    const distinct = new Map(uses.map((use) => [use.kind === 'secret' ? use.secret : use.cipherText, use]));
    const entries = await Promise.all(
      [...distinct].map(async ([key, use]) => {
        const read = use.kind === 'secret' ? this.#value(use.secret, project) : this.#decrypted(use);
        return [key, await read.catch((error: unknown) => ({ problem: lastingProblem(error) }))] as const;
      }),
    );
    return Object.fromEntries(entries);
  }

  async #secretProblem(name: string, project: string): Promise<string | undefined> {
    const place = placeOfSecret(name, project, this.#ports.rules);
    if ('problem' in place) return `${name} ${place.problem}`;
    try {
      const { VersionIdsToStages: versions = {}, DeletedDate: deleted } =
        await this.#ports.secretsManager.send(new DescribeSecretCommand({ SecretId: place.id }));
      if (deleted !== undefined) return `${name} (${place.id}) is about to be deleted`;
      const known = Object.entries(versions).flatMap(([id, stages]) => [id, ...stages]);
      if (known.includes(place.version)) return undefined;
      return `${name}: ${place.id} has no version ${place.version}; give latest, previous, a version's id or a stage`;
    } catch (error) {
      return `${name} (${place.id} in Secrets Manager) ${lastingProblem(error)}`;
    }
  }

  async #keyProblem(keyName: string): Promise<string | undefined> {
    const id = idOfKey(keyName, this.#ports.rules);
    try {
      const { KeyMetadata: key } = await this.#ports.kms.send(new DescribeKeyCommand({ KeyId: id }));
      return key?.Enabled === true ? undefined : `the key ${keyName} (${id}) is disabled`;
    } catch (error) {
      return `the key ${keyName} (${id} in KMS) ${lastingProblem(error)}`;
    }
  }

  async #value(name: string, project: string): Promise<NodeSecrets[string]> {
    const place = placeOfSecret(name, project, this.#ports.rules);
    if ('problem' in place) return place;
    const { id, version } = place;
    const asStage = { SecretId: id, VersionStage: version };
    const { SecretString: text, SecretBinary: bytes } = mayBeVersionId(version)
      ? await this.#read({ SecretId: id, VersionId: version }).catch((error: unknown) => {
          if ((error as Error).name !== NOT_FOUND) throw error;
          return this.#read(asStage);
        })
      : await this.#read(asStage);
    return { value: text ?? Buffer.from(bytes ?? []).toString('utf8') };
  }

  #read(of: GetSecretValueCommandInput): Promise<GetSecretValueCommandOutput> {
    return this.#ports.secretsManager.send(new GetSecretValueCommand(of));
  }

  async #decrypted({
    keyName,
    cipherText,
  }: Extract<SecretUse, { kind: 'encrypted' }>): Promise<NodeSecrets[string]> {
    const { Plaintext: plain = new Uint8Array() } = await this.#ports.kms.send(
      new DecryptCommand({
        KeyId: idOfKey(keyName, this.#ports.rules),
        CiphertextBlob: Buffer.from(cipherText, 'base64'),
      }),
    );
    const read = variables.safeParse(jsonOf(Buffer.from(plain).toString('utf8')));
    return read.success ? { variables: read.data } : { problem: 'holds no JSON object of names and texts' };
  }
}

/** What tells whether the secret of a use is there: the secret itself, or the key of what is encrypted. */
function lookedAt(use: SecretUse): string {
  return use.kind === 'secret' ? `secret ${use.secret}` : `key ${use.keyName}`;
}

/** Version ids are whatever their maker chose, of 32 to 64 characters; a stage may be of that length too. */
function mayBeVersionId(version: string): boolean {
  return version.length >= 32 && version.length <= 64 && !version.startsWith('AWS');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lastingProblem(error: unknown): string {
  const problem = lasting[(error as Error).name];
  if (problem !== undefined) return problem;
  throw unavailable('Secrets cannot be read now; try again.', error);
}
