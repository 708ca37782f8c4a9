import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Progress } from '../api/answers.ts';
import { runCli } from '../run-cli.ts';
import { FakeHost } from '../testing/fake-host.ts';
import { type FakeJobScript, fakeJob } from '../testing/fake-job.ts';
import { FakeLocalParts } from '../testing/fake-local-parts.ts';
import { errorAnswer } from '../testing/fake-service.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-run-'));
  await writeFile(join(directory, 'job.yaml'), 'taskGroups:\n  - taskCount: 2\n');
});
afterAll(() => rm(directory, { recursive: true }));

const group = { group: 'group0', taskCount: 2, stage: 1, stages: 1, atBarrier: 0 };
const running: Partial<Progress> = { state: 'RUNNING', groups: [{ ...group, counts: { RUNNING: 2 } }] };
const succeeded: Partial<Progress> = { state: 'SUCCEEDED', groups: [{ ...group, counts: { SUCCEEDED: 2 } }] };
const failed: Partial<Progress> = {
  state: 'FAILED',
  groups: [{ ...group, counts: { SUCCEEDED: 1, FAILED: 1 } }],
  failures: [{ task: 'group0/1', exitCode: 3, lastLines: ['oh no'] }],
};
const log = [
  { task: '0', text: 'hello' },
  { task: '1', text: 'oh no', stream: 'stderr' as const },
];

interface Course {
  args?: string[];
  script: FakeJobScript;
  onTerminal?: boolean;
  /** Presses Ctrl-C when the fake clock was asked to sleep so many times. */
  interruptAt?: number[];
}

async function run({ args = [], script, onTerminal = false, interruptAt = [] }: Course) {
  const host = new FakeHost();
  host.directory = directory;
  host.out.isTerminal = onTerminal;
  host.err.isTerminal = onTerminal;
  const sleep = host.sleep.bind(host);
  host.sleep = async (ms) => {
    if (interruptAt.includes(host.slept.length)) host.interrupt();
    await sleep(ms);
  };
  const parts = new FakeLocalParts(fakeJob(script));
  const code = await runCli(['run', 'job.yaml', ...args], host, parts);
  return { code, host, parts, out: host.out.text, err: host.err.text };
}

describe('sluice run in a pipe', () => {
  it('prints output as it comes, progress as lines, and exits with 0', async () => {
    const { code, out, err, parts } = await run({ script: { progress: [running, succeeded], log } });
    expect(code).toBe(0);
    expect(out).toBe('group0/0 | hello\ngroup0/1 | oh no\n');
    expect(err).toMatch(
      /^my-job: RUNNING\nmy-job: RUNNING -> SUCCEEDED\n.*\nmy-job SUCCEEDED after .*: 2 of 2 tasks succeeded\n$/,
    );
    expect(parts.startedWith).toMatchObject({
      port: 0,
      agents: 'local',
      dataDir: join(directory, '.sluice'),
      workDir: directory,
    });
    expect(parts.closedWith).toEqual({ stopNodes: false });
  });

  it('says what failed and exits with 1', async () => {
    const { code, err } = await run({ script: { progress: [running, failed], log } });
    expect(code).toBe(1);
    expect(err).toMatch(/group0\/1 failed with exit code 3\nmy-job FAILED after/);
  });

  it('--quiet prints no output, but the end of what failed tasks wrote', async () => {
    const { out, err } = await run({ args: ['--quiet'], script: { progress: [failed], log } });
    expect(out).toBe('');
    expect(err).toContain('group0/1 failed with exit code 3\n  | oh no\n');
  });

  it('gives the service its options', async () => {
    const args = [
      '--data',
      'd',
      '--max-nodes',
      '3',
      '--secrets',
      's.json',
      '--work-dir',
      '/',
      '--job-id',
      'my-job',
    ];
    const { parts } = await run({ args, script: { progress: [succeeded] } });
    expect(parts.startedWith).toMatchObject({
      dataDir: join(directory, 'd'),
      maxNodes: 3,
      secretsFile: join(directory, 's.json'),
      workDir: '/',
    });
    expect(parts.service?.requests[0]?.query.jobId).toBe('my-job');
  });
});

describe('sluice run on a terminal', () => {
  it('prints the output after the live view, that of failed tasks first', async () => {
    const { out, err } = await run({ onTerminal: true, script: { progress: [running, failed], log } });
    expect(out).toBe('group0/1 | oh no\ngroup0/0 | hello\n');
    expect(err).toContain('\x1b[?25l');
    expect(err).toContain('\x1b[?25h\x1b[?7hgroup0/1 failed with exit code 3\nmy-job FAILED after');
  });

  it('says where to read an output that is long', async () => {
    const long = Array.from({ length: 201 }, (_, i) => ({ text: `line ${i}` }));
    const { out, err } = await run({
      onTerminal: true,
      script: { progress: [running, running, succeeded], log: long },
    });
    expect(out).toBe('');
    expect(err).toMatch(/more than 200 lines.*'sluice serve', then 'sluice logs my-job'\.\n$/);
  });

  it('--logs prints all of it above the view', async () => {
    const long = Array.from({ length: 2345 }, (_, i) => ({ text: `line ${i}` }));
    const { out, err } = await run({
      onTerminal: true,
      args: ['--logs'],
      script: { progress: [running, succeeded], log: long },
    });
    expect(out.trimEnd().split('\n')).toHaveLength(2345);
    expect(err).not.toContain('more than 200 lines');
  });
});

describe('Ctrl-C', () => {
  it('cancels the job, waits for its end and exits with 130', async () => {
    const { code, err, parts } = await run({ script: { progress: [running] }, interruptAt: [2] });
    expect(code).toBe(130);
    expect(err).toContain('Cancelling the job and waiting for its end; Ctrl-C again stops at once.');
    expect(err).toContain('my-job CANCELLED after');
    expect(parts.service?.paths('POST')).toEqual([
      'projects/local/locations/us-central1/jobs',
      'projects/local/locations/us-central1/jobs/my-job:cancel',
    ]);
    expect(parts.closedWith).toEqual({ stopNodes: false });
  });

  it('twice kills the nodes', async () => {
    const script: FakeJobScript = { progress: [running], whenCancelled: 'never ends' };
    const { code, err, parts } = await run({ script, interruptAt: [2, 9] });
    expect(code).toBe(130);
    expect(err).toContain('Stopping at once');
    expect(parts.closedWith).toEqual({ stopNodes: true });
  });
});

describe('what goes wrong', () => {
  it('a job that is refused names the file, and the service is closed', async () => {
    const host = new FakeHost();
    host.directory = directory;
    const details = [
      { fieldViolations: [{ field: 'taskGroups[0].taskSpec', description: 'must be given' }] },
    ];
    const parts = new FakeLocalParts(() => errorAnswer(400, 'INVALID_ARGUMENT', 'no', details));
    expect(await runCli(['run', 'job.yaml'], host, parts)).toBe(2);
    expect(host.err.text).toBe(
      'sluice: INVALID_ARGUMENT: a mistake in job.yaml:\n  job.yaml:2:5: taskGroups[0].taskSpec: must be given\n',
    );
    expect(parts.closedWith).toEqual({ stopNodes: false });
  });

  it.each([
    {
      command: ['run', 'job.yaml'],
      error: new Error('database is locked'),
      says: 'sluice: the service did not start: database is locked\n',
    },
    {
      command: ['serve'],
      error: Object.assign(new Error('listen'), { code: 'EADDRINUSE' }),
      says: 'sluice: port 8080 is in use on this machine; choose another with --port, or --port 0 for any free one\n',
    },
  ])('a service that does not start is trouble: $says', async ({ command, error, says }) => {
    const host = new FakeHost();
    host.directory = directory;
    const parts = new FakeLocalParts(() => undefined);
    parts.loadService = async () => ({ startService: () => Promise.reject(error) });
    expect(await runCli(command, host, parts)).toBe(3);
    expect(host.err.text).toBe(says);
  });
});
