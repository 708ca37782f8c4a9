import { describe, expect, it } from 'vitest';
import { environmentText, inheritedVariables, type Variables } from './environment.ts';

const textOf = (spec: Variables, task: Variables, runnable: Variables) =>
  environmentText({ spec, task, runnable, secretNames: new Set() });

describe('the environment of a runnable', () => {
  it('takes later sources over earlier ones, and the service’s own variables over all', () => {
    const { exports } = textOf(
      { A: 'spec', BATCH_TASK_INDEX: 'spec' },
      { A: 'task', BATCH_TASK_INDEX: '4' },
      { A: 'runnable', BATCH_TASK_INDEX: 'runnable' },
    );
    expect(exports.split(' ').findLast((word) => word.startsWith('A='))).toBe("A='runnable'");
    expect(exports).toMatch(/BATCH_TASK_INDEX='4'; $/);
  });

  it('is nothing for no variables', () => {
    expect(textOf({}, {}, {})).toEqual({ exports: '', prefix: '' });
  });

  it('puts names that a shell cannot set before the command', () => {
    expect(textOf({ 'a.b': 'c d' }, {}, { UID: '1' }).prefix).toBe("env 'a.b=c d' 'UID=1' ");
  });

  it.each([
    ['A', 'a\0b', 'environment variable A contains a NUL character'],
    ['-x', '1', '"-x" has a name that cannot be set'],
    ['', '1', '"" has a name that cannot be set'],
    ['a=b', '1', '"a=b" has a name that cannot be set'],
  ])('refuses %j=%j', (name, value, message) => {
    expect(() => textOf({ [name]: value }, {}, {})).toThrow(message);
  });

  it('inherits what leads to the credentials of the service account', () => {
    const own = { PATH: '/bin', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x', AWS_REGION: 'r' };
    expect(inheritedVariables({ ...own, ECS_CONTAINER_METADATA_URI_V4: 'http://x' })).toEqual(own);
  });

  it('inherits a fixed list only', () => {
    const own = {
      PATH: '/bin',
      HOME: '/h',
      LC_ALL: 'C',
      TZ: 'UTC',
      AWS_SECRET_ACCESS_KEY: 'x',
      NODE_OPTIONS: 'y',
    };
    expect(inheritedVariables(own)).toEqual({ PATH: '/bin', HOME: '/h', LC_ALL: 'C', TZ: 'UTC' });
    expect(inheritedVariables({}).PATH).toContain('/usr/bin');
  });
});
