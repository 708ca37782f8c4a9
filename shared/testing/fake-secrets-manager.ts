import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

interface KeptSecret {
  readonly arn: string;
  readonly text: string;
  readonly description?: string | undefined;
  readonly keyId?: string | undefined;
}

/** For tests: Secrets Manager, as far as whole secrets go, with each call that was made. */
export class FakeSecretsManager {
  /** The command's name and the secret's. */
  readonly calls: string[] = [];
  /** What is kept, by name, the oldest first. */
  readonly secrets = new Map<string, KeptSecret>();
  /** Called before each answer. */
  onCall: (call: string) => void | Promise<void> = () => undefined;
  /** Secrets in one page of a list. */
  page = 100;
  #made = 0;

  readonly client = { send: (command: unknown) => this.#answer(command) } as unknown as Pick<
    SecretsManagerClient,
    'send'
  >;

  /** Puts a secret there, as its owner would. */
  put(name: string, text: string): void {
    this.secrets.set(name, { arn: this.#newArn(name), text });
  }

  async #answer(command: unknown): Promise<object> {
    const kind = (command as object).constructor.name.replace(/Command$/, '');
    const { SecretId, Name } = (command as { input: { SecretId?: string; Name?: string } }).input;
    const call = `${kind} ${SecretId ?? Name ?? ''}`.trim();
    this.calls.push(call);
    await this.onCall(call);
    if (command instanceof CreateSecretCommand) {
      const { SecretString: text = '', Description: description, KmsKeyId: keyId } = command.input;
      if (this.secrets.has(String(Name))) throw named('ResourceExistsException');
      const arn = this.#newArn(String(Name));
      this.secrets.set(String(Name), { arn, text, description, keyId });
      return { ARN: arn, Name };
    }
    if (command instanceof ListSecretsCommand) return this.#list(command.input);
    // A secret that is not there is deleted for good without a word.
    if (command instanceof DeleteSecretCommand) {
      this.secrets.delete(String(SecretId));
      return {};
    }
    const found = this.secrets.get(String(SecretId));
    if (found === undefined) throw named('ResourceNotFoundException');
    if (command instanceof PutSecretValueCommand) {
      this.secrets.set(String(SecretId), { ...found, text: command.input.SecretString ?? '' });
      return { ARN: found.arn };
    }
    if (command instanceof GetSecretValueCommand) return { ARN: found.arn, SecretString: found.text };
    if (command instanceof DescribeSecretCommand) return { VersionIdsToStages: { a: ['AWSCURRENT'] } };
    throw new Error(`${kind} is not known`);
  }

  #list({ Filters: filters = [], NextToken: from = '0' }: ListSecretsCommand['input']): object {
    const [begins = ''] = filters[0]?.Values ?? [];
    const names = [...this.secrets.keys()].filter((name) => name.startsWith(begins));
    const end = Number(from) + this.page;
    return {
      SecretList: names.slice(Number(from), end).map((Name) => ({ Name })),
      ...(end < names.length ? { NextToken: String(end) } : {}),
    };
  }

  #newArn(name: string): string {
    this.#made += 1;
    return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${String(this.#made).padStart(6, '0')}`;
  }
}

function named(name: string): Error {
  return Object.assign(new Error(`${name} with details of the account`), { name });
}
