import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../core/job/job-record.ts';
import type { NodeSecrets } from '../ports/node-secrets.ts';
import { plannedLogins } from './planned-logins.ts';

const USER = 'projects/p/secrets/user/versions/1';
const PASSWORD = 'projects/p/secrets/password/versions/latest';

/** A job whose containers have these logins, and what a plan does with them. */
function planned(logins: [string, string][], values: NodeSecrets = {}) {
  const asked: string[] = [];
  const runnables = logins.map(([username, password]) => ({
    container: { imageUri: 'a', username, password },
  }));
  const job = { uid: 'job-1', project: 'p', spec: { taskGroups: [{ taskSpec: { runnables } }] } };
  const plan = plannedLogins(
    {
      async resolve(uses, project) {
        for (const use of uses) asked.push(`read ${use.path} of ${project}`);
        return values;
      },
    },
    {
      async keep({ jobUid, order }, { username, password }) {
        asked.push(`keep ${jobUid} ${order} ${username}:${password}`);
        return `arn:${order}`;
      },
    },
  );
  return {
    asked,
    of: ([username, password]: [string, string]) => plan(job as unknown as JobRecord, { username, password }),
  };
}

describe('the logins of a plan', () => {
  it('in plain are as they were written, and kept when they are wanted', async () => {
    const { of, asked } = planned([['ana', 'sesame']]);
    const login = await of(['ana', 'sesame']);
    expect(login.credentials).toEqual({ username: 'ana', password: 'sesame' });
    expect(asked).toEqual([]);
    expect(await login.keep()).toBe('arn:0');
    expect(asked).toEqual(['keep job-1 0 ana:sesame']);
  });

  it('named by secrets are read once and kept once, each under its number', async () => {
    const { of, asked } = planned(
      [
        ['ana', 'sesame'],
        [USER, PASSWORD],
      ],
      { [USER]: { value: 'bob' }, [PASSWORD]: { value: 'hush' } },
    );
    const both = await Promise.all([of([USER, PASSWORD]), of([USER, PASSWORD])]);
    for (const login of both) expect(await login.keep()).toBe('arn:1');
    const at = 'taskGroups[0].taskSpec.runnables[1].container';
    expect(asked).toEqual([`read ${at}.username of p`, `read ${at}.password of p`, 'keep job-1 1 bob:hush']);
  });

  it.each<[string, NodeSecrets, string]>([
    ['that are not there', { [PASSWORD]: { problem: 'is not there' } }, 'is not there'],
    ['that nobody knows of', {}, 'could not be read'],
  ])('named by secrets %s end the plan with the field in words', async (_, values, why) => {
    const { of, asked } = planned([['ana', PASSWORD]], values);
    await expect(of(['ana', PASSWORD])).rejects.toMatchObject({
      name: 'ImageError',
      message: `taskGroups[0].taskSpec.runnables[0].container.password: ${PASSWORD} ${why}`,
    });
    expect(asked.filter((line) => line.startsWith('keep'))).toEqual([]);
  });
});
