import { describe, expect, it } from 'vitest';
import type { Job } from '../../contract/job.ts';
import type { Container } from '../../contract/runnable.ts';
import { loginSecretUses, registryLogins, withoutLogins } from './registry-login.ts';

const USER = 'projects/p/secrets/user/versions/1';
const PASSWORD = 'projects/p/secrets/password/versions/latest';
const container = (username?: string, password?: string) =>
  ({ imageUri: 'a', ...(username && { username }), ...(password && { password }) }) as Container;
const jobOf = (...groups: (Container | undefined)[][]): Job => ({
  taskGroups: groups.map((containers) => ({
    taskSpec: {
      runnables: containers.map((each) =>
        each === undefined ? { script: { text: ':' } } : { container: each },
      ),
    },
  })),
});
const at = (group: number, runnable: number) =>
  `taskGroups[${group}].taskSpec.runnables[${runnable}].container`;

describe('registryLogins', () => {
  it.each<[string, Job, [string, string, string][]]>([
    ['none', jobOf([container(), undefined]), []],
    ['one', jobOf([undefined, container('u', 'p')]), [['u', 'p', at(0, 1)]]],
    ['half of one is none', jobOf([container('u'), container(undefined, 'p')]), []],
    ['the same one twice', jobOf([container('u', 'p')], [container('u', 'p')]), [['u', 'p', at(0, 0)]]],
    [
      'two users, and one with two passwords',
      jobOf([container('u', 'p'), container('v', 'p')], [container('u', 'q')]),
      [
        ['u', 'p', at(0, 0)],
        ['v', 'p', at(0, 1)],
        ['u', 'q', at(1, 0)],
      ],
    ],
    [
      'parts that run into each other',
      jobOf([container('a', 'bc'), container('ab', 'c')]),
      [
        ['a', 'bc', at(0, 0)],
        ['ab', 'c', at(0, 1)],
      ],
    ],
  ])('%s', (_, job, expected) => {
    expect(registryLogins(job).map(({ username, password, field }) => [username, password, field])).toEqual(
      expected,
    );
  });
});

describe('loginSecretUses', () => {
  it('names every field that names a secret, and nothing that is in plain', () => {
    expect(
      loginSecretUses(jobOf([container('ana', PASSWORD)], [undefined, container(USER, PASSWORD)])),
    ).toEqual([
      { kind: 'secret', path: `${at(0, 0)}.password`, secret: PASSWORD },
      { kind: 'secret', path: `${at(1, 1)}.username`, secret: USER },
      { kind: 'secret', path: `${at(1, 1)}.password`, secret: PASSWORD },
    ]);
    expect(loginSecretUses(jobOf([container('ana', 'open sesame')]))).toEqual([]);
  });
});

describe('withoutLogins', () => {
  it('leaves all else as it is', () => {
    const [group = {}] = jobOf([container('ana', 'open sesame'), undefined]).taskGroups ?? [];
    const [expected] = jobOf([container(), undefined]).taskGroups ?? [];
    expect(withoutLogins(group)).toEqual(expected);
    expect(withoutLogins(expected ?? {})).toBe(expected);
  });
});
