import { beforeEach, describe, expect, it } from 'vitest';
import { FakeSecretsManager } from '../testing/fake-secrets-manager.ts';
import { AwsLoginSecrets } from './login-secrets.ts';

const login = { jobUid: 'job-1', order: 0 };
const NAME = 'sluice-registry-logins/job-1/0';
const credentials = { username: 'ana', password: 'open sesame' };
let account: FakeSecretsManager;
let logins: AwsLoginSecrets;

beforeEach(() => {
  account = new FakeSecretsManager();
  logins = new AwsLoginSecrets({ client: account.client, prefix: 'sluice-registry-logins/' });
});

describe('a login', () => {
  it('is kept in the form that ECS reads, under the name of its job', async () => {
    const arn = await logins.keep(login, credentials);
    const kept = account.secrets.get(NAME);
    expect(arn).toBe(kept?.arn);
    expect(JSON.parse(kept?.text ?? '')).toEqual(credentials);
    expect(kept?.keyId).toBeUndefined();
    expect(JSON.stringify([kept?.description, arn])).not.toContain('sesame');
  });

  it("is encrypted by the deployment's key where it has one", async () => {
    const keyed = new AwsLoginSecrets({
      client: account.client,
      prefix: 'sluice-registry-logins/',
      keyId: 'arn:key',
    });
    await keyed.keep(login, credentials);
    expect(account.secrets.get(NAME)?.keyId).toBe('arn:key');
  });

  it('that is kept again is the same secret, with what was said last', async () => {
    const first = await logins.keep(login, credentials);
    expect(await logins.keep(login, { ...credentials, password: 'other' })).toBe(first);
    expect([...account.secrets.values()].map(({ text }) => JSON.parse(text).password)).toEqual(['other']);
  });

  it('that cannot be kept is in no error', async () => {
    account.onCall = () => {
      throw Object.assign(new Error('Value open sesame at secretString is too long'), {
        name: 'ValidationError',
      });
    };
    const error: Error = await logins.keep(login, credentials).then(
      () => expect.fail(),
      (thrown) => thrown,
    );
    expect(error.message).toBe(
      `a registry's login could not be put into Secrets Manager as ${NAME}: ValidationError`,
    );
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('sesame');
  });

  it('is forgotten for good, however often', async () => {
    await logins.keep(login, credentials);
    await logins.forget(login);
    await logins.forget(login);
    expect(account.secrets.size).toBe(0);
  });

  it('that is not there is forgotten also where its absence is told', async () => {
    account.onCall = () => {
      throw Object.assign(new Error(), { name: 'ResourceNotFoundException' });
    };
    await logins.forget(login);
    account.onCall = () => {
      throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    };
    await expect(logins.forget(login)).rejects.toThrow('no');
  });
});

describe('the logins that are kept', () => {
  it('are those of this deployment, page by page, and no more than asked for', async () => {
    account.page = 2;
    account.put('sluice/p/password', 'x');
    account.put('sluice-registry-logins/what-is-this', 'x');
    for (const order of [0, 1, 2, 3]) await logins.keep({ jobUid: 'job-2', order }, credentials);
    expect((await logins.kept(100)).map(({ jobUid, order }) => `${jobUid} ${order}`)).toEqual([
      'job-2 0',
      'job-2 1',
      'job-2 2',
      'job-2 3',
    ]);
    expect(await logins.kept(3)).toHaveLength(3);
  });
});
