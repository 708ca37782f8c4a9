import {
  CreateSecretCommand,
  DeleteSecretCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { RegistryCredentials } from '../ports/image-registry.ts';
import type { KeptLogin, LoginSecrets } from '../ports/login-secrets.ts';

export interface LoginSecretsSetting {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  /** Begins the names of these secrets, and of no others: rights go by it. */
  readonly prefix: string;
  /** The KMS key that encrypts them; Secrets Manager's own without it. */
  readonly keyId?: string | undefined;
}

const A_PAGE = 100;

/**
 * Logins of registries as secrets in the form that ECS wants of a container's `repositoryCredentials`. A secret is named by its
 * job and its number, so whoever knows the job knows the name, whatever became of whoever made it.
 */
export class AwsLoginSecrets implements LoginSecrets {
  readonly #setting: LoginSecretsSetting;

  constructor(setting: LoginSecretsSetting) {
    this.#setting = setting;
  }

  /** The ARN of the secret. */
  async keep(login: KeptLogin, { username, password }: RegistryCredentials): Promise<string> {
    const text = JSON.stringify({ username, password });
    try {
      const arn = (await this.#created(login, text)) ?? (await this.#replaced(login, text));
      if (arn !== undefined) return arn;
    } catch (error) {
      // What AWS says of a value that it does not take may quote it.
      throw new Error(
        `a registry's login could not be put into Secrets Manager as ${this.#nameOf(login)}: ${(error as Error).name}`,
      );
    }
    throw new Error(`Secrets Manager keeps ${this.#nameOf(login)} without naming it`);
  }

  async forget(login: KeptLogin): Promise<void> {
    const SecretId = this.#nameOf(login);
    try {
      await this.#setting.client.send(
        new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }),
      );
    } catch (error) {
      if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    }
  }

  async kept(limit: number): Promise<KeptLogin[]> {
    const { client, prefix } = this.#setting;
    const found: KeptLogin[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new ListSecretsCommand({
          Filters: [{ Key: 'name', Values: [prefix] }],
          SortOrder: 'asc',
          MaxResults: A_PAGE,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      for (const { Name: name = '' } of page.SecretList ?? []) {
        const login = this.#loginOf(name);
        if (login !== undefined) found.push(login);
      }
      ({ NextToken } = page);
    } while (NextToken !== undefined && found.length < limit);
    return found.slice(0, limit);
  }

  /** Undefined when there is such a secret. */
  async #created(login: KeptLogin, text: string): Promise<string | undefined> {
    const { client, keyId } = this.#setting;
    try {
      const made = await client.send(
        new CreateSecretCommand({
          Name: this.#nameOf(login),
          Description: `A registry's login for the batch job ${login.jobUid}; it goes with the job's end.`,
          SecretString: text,
          ...(keyId === undefined ? {} : { KmsKeyId: keyId }),
        }),
      );
      return made.ARN;
    } catch (error) {
      if ((error as Error).name === 'ResourceExistsException') return undefined;
      throw error;
    }
  }

  async #replaced(login: KeptLogin, text: string): Promise<string | undefined> {
    const { client } = this.#setting;
    const put = new PutSecretValueCommand({ SecretId: this.#nameOf(login), SecretString: text });
    return (await client.send(put)).ARN;
  }

  #nameOf({ jobUid, order }: KeptLogin): string {
    return `${this.#setting.prefix}${jobUid}/${order}`;
  }

  /** Names of others that only hold the prefix are none. */
  #loginOf(name: string): KeptLogin | undefined {
    const { prefix } = this.#setting;
    if (!name.startsWith(prefix)) return undefined;
    const [, jobUid, order] = /^([^/]+)\/(\d+)$/.exec(name.slice(prefix.length)) ?? [];
    return jobUid === undefined ? undefined : { jobUid, order: Number(order) };
  }
}
