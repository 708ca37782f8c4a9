import { expect, it } from 'vitest';
import { unimplemented } from '../../shared/contract/error.ts';
import { runCli } from '../run-cli.ts';
import { FakeHost } from '../testing/fake-host.ts';
import { FakeLocalParts } from '../testing/fake-local-parts.ts';

const good =
  'taskGroups:\n  - taskCount: 3\n    taskSpec:\n      runnables:\n        - script: {text: echo hi}\n';

async function validate(text: string, change: (parts: FakeLocalParts) => void = () => undefined) {
  const host = new FakeHost();
  host.stdin = text;
  const parts = new FakeLocalParts(() => undefined);
  change(parts);
  const code = await runCli(['validate', '-'], host, parts);
  return { code, out: host.out.text, err: host.err.text };
}

it('says what a good file holds', async () => {
  expect(await validate(good)).toEqual({ code: 0, out: 'stdin is valid: 1 task group, 3 tasks\n', err: '' });
});

it('says each mistake with its place, in the order of the file', async () => {
  const { code, out, err } = await validate(`${good}priority: 100\n`.replace('taskCount: 3', 'taskCuont: 3'));
  expect({ code, out }).toEqual({ code: 2, out: '' });
  const lines = err.split('\n');
  expect(lines[0]).toBe('sluice: INVALID_ARGUMENT: 2 mistakes in stdin:');
  expect(lines[1]).toMatch(/^ {2}stdin:2:5: taskGroups\[0\]\.taskCuont: .*"taskCount"/);
  expect(lines[2]).toMatch(/^ {2}stdin:6:1: priority: must be from 0 to 99; given/);
});

it('says where YAML breaks', async () => {
  expect(await validate('taskGroups:\n\t- taskCount: 1\n')).toMatchObject({
    code: 2,
    err: 'sluice: stdin:2:1: a tab is used for indentation; YAML allows spaces only\n',
  });
});

it('says what the runner of this machine does not do', async () => {
  const { code, err } = await validate(good, (parts) => {
    parts.loadCapabilities = async () => ({
      capabilityNotes: () => [],
      checkCapabilities: async () => {
        throw unimplemented('taskGroups[0].taskSpec.runnables[0].script', 'scripts cannot be run here');
      },
    });
  });
  expect(code).toBe(2);
  expect(err).toBe(
    'sluice: UNIMPLEMENTED: stdin asks for what is not supported here:\n' +
      '  stdin:5:11: taskGroups[0].taskSpec.runnables[0].script: scripts cannot be run here\n',
  );
});

it('passes on what the runner does in its own way', async () => {
  const { code, out } = await validate(good, (parts) => {
    parts.loadCapabilities = async () => ({
      checkCapabilities: async () => undefined,
      capabilityNotes: () => ['no machine types'],
    });
  });
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('stdin: note: no machine types\n'),
  });
});
