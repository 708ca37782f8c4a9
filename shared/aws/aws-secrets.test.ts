import { describe, expect, it } from 'vitest';
import { secretUsesOfJob } from '../core/secret-uses.ts';
import { AwsSecrets } from './aws-secrets.ts';

const rules = {
  secretName: 'sluice/{project}/{secret}',
  keyAlias: 'alias/sluice/{key}',
  secretArns: ['arn:aws:secretsmanager:us-east-1:123456789012:secret:shared-AbCdEf'],
};
const KEY = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
/** As long as a version's id. */
const LONG_STAGE = 'what-the-second-team-runs-in-its-trials';
/** An id that somebody chose; it is no UUID. */
const MADE_ID = 'made-20261125021811000000000000000001';
const failing = (name: string) => Object.assign(new Error(`${name} with details of the account`), { name });

interface FakeSecret {
  readonly VersionIdsToStages: Readonly<Record<string, readonly string[]>>;
  readonly SecretString?: string;
  readonly SecretBinary?: Uint8Array;
  readonly DeletedDate?: Date;
}

/** An account with some secrets and one key; what it is asked is noted. */
class FakeAccount {
  readonly asked: string[] = [];
  trouble: Error | undefined;
  readonly #secrets: Readonly<Record<string, FakeSecret>> = {
    'sluice/p/password': {
      VersionIdsToStages: {
        '3f9b2c51-0000-4000-8000-123456789abc': ['AWSCURRENT'],
        old: ['AWSPREVIOUS', 'blue', LONG_STAGE],
        [MADE_ID]: [],
      },
      SecretString: 'open sesame',
    },
    'sluice/p/going': { DeletedDate: new Date(), VersionIdsToStages: {} },
    [rules.secretArns[0] ?? '']: {
      VersionIdsToStages: { a: ['AWSCURRENT'] },
      SecretBinary: Buffer.from('bytes'),
    },
  };

  readonly secrets = new AwsSecrets({
    secretsManager: { send: async (command: never) => this.#secret(command) } as never,
    kms: { send: async (command: never) => this.#key(command) } as never,
    rules,
  });

  #secret(command: { input: { SecretId: string; VersionStage?: string; VersionId?: string } }) {
    const { SecretId: id, VersionStage: stage, VersionId: version } = command.input;
    this.asked.push(`${command.constructor.name} ${id} ${stage ?? version ?? ''}`.trim());
    if (this.trouble !== undefined) throw this.trouble;
    if (id.startsWith('sluice/p/hidden')) throw failing('AccessDeniedException');
    const found = this.#secrets[id];
    const isThere = (versions: FakeSecret['VersionIdsToStages']) =>
      (version === undefined || version in versions) &&
      (stage === undefined || Object.values(versions).flat().includes(stage));
    if (found === undefined || !isThere(found.VersionIdsToStages)) throw failing('ResourceNotFoundException');
    return found;
  }

  #key(command: { input: { KeyId: string; CiphertextBlob?: Uint8Array } }) {
    const { KeyId: id, CiphertextBlob: cipher } = command.input;
    this.asked.push(`${command.constructor.name} ${id}`);
    if (this.trouble !== undefined) throw this.trouble;
    if (id !== 'alias/sluice/k') throw failing('NotFoundException');
    if (cipher === undefined) return { KeyMetadata: { Enabled: true } };
    const text = Buffer.from(cipher).toString('utf8');
    if (!text.startsWith('sealed:')) throw failing('InvalidCiphertextException');
    return { Plaintext: Buffer.from(text.slice('sealed:'.length)) };
  }
}

const sealed = (text: string) => Buffer.from(`sealed:${text}`).toString('base64');
const secret = (name: string, version = 'latest') => `projects/p/secrets/${name}/versions/${version}`;
const uses = (environment: object) =>
  secretUsesOfJob({ taskGroups: [{ taskSpec: { runnables: [{ environment }] } }] });
const AT = 'taskGroups[0].taskSpec.runnables[0].environment';

describe('a job that names secrets', () => {
  const problems = (secrets: Record<string, string>) =>
    new FakeAccount().secrets.problems(uses({ secretVariables: secrets }), 'p');

  it('is taken when they are there, in the version that it names, and none is read', async () => {
    const account = new FakeAccount();
    const names = ['latest', 'previous', 'blue', '3f9b2c51-0000-4000-8000-123456789abc'];
    const secretVariables = Object.fromEntries(
      names.map((version, at) => [`V${at}`, secret('password', version)]),
    );
    const encryptedVariables = { keyName: KEY, cipherText: sealed('{}') };
    expect(await account.secrets.problems(uses({ secretVariables, encryptedVariables }), 'p')).toEqual([]);
    expect(account.asked.every((command) => /^Describe/.test(command))).toBe(true);
    expect(await problems({ A: rules.secretArns[0] ?? '' })).toEqual([]);
  });

  it.each([
    [secret('missing'), 'sluice/p/missing in Secrets Manager) is not there'],
    [secret('hidden'), 'may not be read by this deployment'],
    [secret('going'), 'is about to be deleted'],
    [secret('password', '7'), 'sluice/p/password has no version 7; give latest, previous'],
    [
      'projects/other/secrets/password/versions/latest',
      "belongs to project other; jobs of p have that project's",
    ],
    [
      'arn:aws:secretsmanager:us-east-1:123456789012:secret:own-AbCdEf',
      'none of the ARNs that this deployment allows',
    ],
  ])('is refused for %s, with the path of the field', async (name, message) => {
    const [problem, ...others] = await problems({ A: secret('password'), B: name });
    expect(others).toEqual([]);
    expect(problem?.field).toBe(`${AT}.secretVariables["B"]`);
    expect(problem?.description).toContain(message);
    expect(problem?.description).not.toContain('details of the account');
  });

  it('is looked at once a secret and once a key, however many tasks name them', async () => {
    const account = new FakeAccount();
    const environment = (of: string, key: string) => ({
      secretVariables: { A: secret('password'), B: secret(of) },
      encryptedVariables: { keyName: KEY.replace(/k$/, key), cipherText: sealed('{}') },
    });
    const taskEnvironments = Array.from({ length: 50 }, (_, task) =>
      environment(task === 7 ? 'missing' : 'password', task < 2 ? 'other' : 'k'),
    );
    const named = secretUsesOfJob({ taskGroups: [{ taskEnvironments }] });
    const at = (task: number) => `taskGroups[0].taskEnvironments[${task}]`;
    expect((await account.secrets.problems(named, 'p')).map(({ field }) => field)).toEqual([
      `${at(0)}.encryptedVariables`,
      `${at(1)}.encryptedVariables`,
      `${at(7)}.secretVariables["B"]`,
    ]);
    expect(account.asked.sort()).toEqual([
      'DescribeKeyCommand alias/sluice/k',
      'DescribeKeyCommand alias/sluice/other',
      'DescribeSecretCommand sluice/p/missing',
      'DescribeSecretCommand sluice/p/password',
    ]);
  });

  it('is refused for a key that is not there', async () => {
    const encryptedVariables = { keyName: KEY.replace(/k$/, 'other'), cipherText: sealed('{}') };
    expect(await new FakeAccount().secrets.problems(uses({ encryptedVariables }), 'p')).toEqual([
      {
        field: `${AT}.encryptedVariables`,
        description: expect.stringContaining('alias/sluice/other in KMS) is not there'),
      },
    ]);
  });
});

describe('a node', () => {
  it('is given values and variables, each read once', async () => {
    const account = new FakeAccount();
    const cipherText = sealed('{"TOKEN":"xyzzy"}');
    const job = {
      taskGroups: [
        {
          taskSpec: {
            environment: {
              secretVariables: { A: secret('password') },
              encryptedVariables: { keyName: KEY, cipherText },
            },
          },
          taskEnvironments: [{ secretVariables: { B: secret('password'), C: rules.secretArns[0] ?? '' } }],
        },
      ],
    };
    expect(await account.secrets.resolve(secretUsesOfJob(job), 'p')).toEqual({
      [secret('password')]: { value: 'open sesame' },
      [rules.secretArns[0] ?? '']: { value: 'bytes' },
      [cipherText]: { variables: { TOKEN: 'xyzzy' } },
    });
    expect(account.asked).toHaveLength(3);
    expect(account.asked).toContain('GetSecretValueCommand sluice/p/password AWSCURRENT');
  });

  it('asks for a version by its id or by its stage', async () => {
    const account = new FakeAccount();
    const id = '3f9b2c51-0000-4000-8000-123456789abc';
    await account.secrets.resolve(
      uses({ secretVariables: { A: secret('password', id), B: secret('password', 'blue') } }),
      'p',
    );
    expect(account.asked.sort()).toEqual([
      `GetSecretValueCommand sluice/p/password ${id}`,
      'GetSecretValueCommand sluice/p/password blue',
    ]);
  });

  it.each([LONG_STAGE, MADE_ID])('finds a stage and a version id of the same length: %s', async (version) => {
    const name = secret('password', version);
    expect(await new FakeAccount().secrets.resolve(uses({ secretVariables: { A: name } }), 'p')).toEqual({
      [name]: { value: 'open sesame' },
    });
  });

  it.each([
    ['a secret that is gone', { secretVariables: { A: secret('missing') } }, 'is not there'],
    [
      'a version that is gone',
      { secretVariables: { A: secret('password', '00000000-0000-4000-8000-123456789abc') } },
      'is not there',
    ],
    [
      "another project's",
      { secretVariables: { A: 'projects/q/secrets/s/versions/1' } },
      'belongs to project q',
    ],
    [
      'a text that no key has encrypted',
      { encryptedVariables: { keyName: KEY, cipherText: 'AAAA' } },
      'was not encrypted by this key',
    ],
    [
      'what is no JSON',
      { encryptedVariables: { keyName: KEY, cipherText: sealed('A=1') } },
      'holds no JSON object',
    ],
    [
      'what is no map of texts',
      { encryptedVariables: { keyName: KEY, cipherText: sealed('{"A":1}') } },
      'holds no JSON object',
    ],
  ])('is told why it does not get %s', async (_, environment, problem) => {
    const [found] = Object.values(await new FakeAccount().secrets.resolve(uses(environment), 'p'));
    expect(found).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('is to ask again when the service is in trouble', async () => {
    const account = new FakeAccount();
    account.trouble = failing('ThrottlingException');
    await expect(
      account.secrets.resolve(uses({ secretVariables: { A: secret('password') } }), 'p'),
    ).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      message: 'Secrets cannot be read now; try again.',
    });
  });
});
