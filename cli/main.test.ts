import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { type FakeJobScript, fakeJob } from './testing/fake-job.ts';
import { FakeService } from './testing/fake-service.ts';

// These tests start real processes: what they check is signals, pipes, terminals and exit codes.

const main = join(import.meta.dirname, 'main.ts');
const withFakeService = join(import.meta.dirname, 'testing/run-with-fake-service.ts');
const node = [process.execPath, '--disable-warning=ExperimentalWarning'];

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-main-'));
  await writeFile(join(directory, 'job.yaml'), 'taskGroups:\n  - taskCount: 1\n');
});
afterAll(() => rm(directory, { recursive: true }));

/** A process under way, and all that it has written. */
class Running {
  readonly child: ChildProcess;
  out = '';
  err = '';
  readonly #watchers = new Set<() => void>();

  constructor(command: readonly string[], env: Record<string, string> = {}) {
    const [file = '', ...args] = command;
    const { CI: _ci, NO_COLOR: _noColor, ...inherited } = process.env;
    this.child = spawn(file, args, { cwd: directory, env: { ...inherited, ...env }, stdio: 'pipe' });
    this.child.stdout?.on('data', (chunk: Buffer) => this.#wrote(() => (this.out += chunk)));
    this.child.stderr?.on('data', (chunk: Buffer) => this.#wrote(() => (this.err += chunk)));
  }

  /** Resolves once it has written the text to standard output or standard error. */
  async hasWritten(text: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => (this.out + this.err).includes(text) && resolve();
    this.#watchers.add(look);
    look();
    await promise;
    this.#watchers.delete(look);
  }

  /** Resolves once it has ended and all that it wrote was read. */
  async ended(): Promise<Ended> {
    const code = await new Promise<number | null>((resolve) => this.child.once('close', resolve));
    return { code, out: this.out, err: this.err };
  }

  #wrote(add: () => void): void {
    add();
    for (const look of this.#watchers) look();
  }
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function sluice(args: readonly string[], env?: Record<string, string>): Promise<Ended> {
  return new Running([...node, main, ...args], env).ended();
}

/** The command of a run of a job that goes as the script says. */
async function runCommand(script: FakeJobScript): Promise<string[]> {
  const file = join(directory, 'script.json');
  await writeFile(file, JSON.stringify(script));
  return [...node, withFakeService, file, 'run', 'job.yaml'];
}

it('prints its version', async () => {
  expect(await sluice(['--version'])).toMatchObject({ code: 0, out: `${manifest.version}\n`, err: '' });
  expect(await sluice(['-V'])).toMatchObject({ code: 0, out: `${manifest.version}\n` });
});

it('exits with 2 without a command, with the help on standard error', async () => {
  const { code, out, err } = await sluice([]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('Usage: sluice');
});

it('exits with 3 when nothing listens', async () => {
  const { code, err } = await sluice(['jobs', 'list', '--endpoint', 'http://127.0.0.1:1']);
  expect(code).toBe(3);
  expect(err).toContain('cannot reach http://127.0.0.1:1');
});

it("exits with the job's outcome", async () => {
  await using service = await FakeService.start(
    fakeJob({ progress: [{ state: 'RUNNING' }, { state: 'FAILED' }] }),
  );
  const { code } = await sluice(['jobs', 'wait', 'my-job'], { SLUICE_ENDPOINT: service.endpoint });
  expect(code).toBe(1);
});

it('is silent when the reader of a long output goes away', async () => {
  const log = Array.from({ length: 50_000 }, (_, i) => ({ text: `line ${i}` }));
  await using service = await FakeService.start(fakeJob({ progress: [{ state: 'SUCCEEDED' }], log }));
  const line = `${node.join(' ')} ${main} logs my-job | head -n 2`;
  const { out, err } = await new Running(['sh', '-c', line], { SLUICE_ENDPOINT: service.endpoint }).ended();
  expect({ out, err }).toEqual({ out: 'group0/0 | line 0\ngroup0/0 | line 1\n', err: '' });
});

it('runs the job to its end when the reader of its output goes away', async () => {
  const log = Array.from({ length: 50_000 }, (_, i) => ({ text: `line ${i}` }));
  const command = await runCommand({
    progress: [{ state: 'RUNNING' }, { state: 'RUNNING' }, { state: 'SUCCEEDED' }],
    log,
  });
  const { err } = await new Running(['sh', '-c', `${command.join(' ')} | head -n 1`]).ended();
  expect(err).toContain('my-job SUCCEEDED');
  expect(err).toContain('closed with {"stopNodes":false}');
});

it('logs -f goes on until the job ends and prints what came last', async () => {
  const progress = Array.from({ length: 3 }, () => ({ state: 'SUCCEEDED' as const }));
  await using service = await FakeService.start(
    fakeJob({ progress, log: [{ text: 'first' }, { text: 'last', stream: 'stderr' }] }),
  );
  const args = ['logs', '-f', '-t', 'my-job/group0/0'];
  expect(await sluice(args, { SLUICE_ENDPOINT: service.endpoint })).toMatchObject({
    code: 0,
    out: '2026-11-22T14:00:00Z first\n2026-11-22T14:00:00Z last\n',
  });
});

const bundle = join(import.meta.dirname, '../dist/cli.mjs');

it.skipIf(!existsSync(bundle))('finds in its bundle what it loads late', async () => {
  await using service = await FakeService.start(fakeJob({ progress: [{ state: 'SUCCEEDED' }] }));
  const args = ['jobs', 'describe', 'my-job', '--format', 'yaml'];
  const running = new Running([...node, bundle, ...args], { SLUICE_ENDPOINT: service.endpoint });
  expect(await running.ended()).toMatchObject({
    code: 0,
    out: expect.stringContaining('state: SUCCEEDED\n'),
  });
});

describe('Ctrl-C on a running job', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s cancels it and waits', async (signal) => {
    const running = new Running(await runCommand({ progress: [{ state: 'RUNNING' }] }));
    const end = running.ended();
    await running.hasWritten('my-job: RUNNING');
    running.child.kill(signal);
    const { code, err } = await end;
    expect(code).toBe(130);
    expect(err).toContain('my-job CANCELLED');
    expect(err).toContain('closed with {"stopNodes":false}');
  });

  it('twice kills the nodes', async () => {
    const running = new Running(
      await runCommand({ progress: [{ state: 'RUNNING' }], whenCancelled: 'never ends' }),
    );
    const end = running.ended();
    await running.hasWritten('my-job: RUNNING');
    running.child.kill('SIGINT');
    await running.hasWritten('CANCELLATION_IN_PROGRESS');
    running.child.kill('SIGINT');
    const { code, err } = await end;
    expect(code).toBe(130);
    expect(err).toContain('closed with {"stopNodes":true}');
  });
});

const CTRL_C = '\x03';

/** `script` gives a command a terminal of its own. */
const script = ['/usr/bin/script', '/bin/script'].find(existsSync);

describe.skipIf(script === undefined)('on a terminal', () => {
  async function onTerminal(course: FakeJobScript, env: Record<string, string> = {}): Promise<Running> {
    const line = (await runCommand(course)).join(' ');
    return new Running([script ?? '', '-qec', `stty cols 70 rows 20; exec ${line}`, '/dev/null'], {
      TERM: 'xterm',
      ...env,
    });
  }

  it('draws in place, shows the output in the end and gives the terminal back', async () => {
    const progress: FakeJobScript['progress'] = [
      { state: 'RUNNING' },
      { state: 'RUNNING' },
      { state: 'SUCCEEDED' },
    ];
    const { code, out } = await (await onTerminal({ progress, log: [{ text: 'hello' }] })).ended();
    expect(code).toBe(0);
    expect(out.split('\x1b[?25l')).toHaveLength(2);
    expect(out.split('\x1b[?25h\x1b[?7h')).toHaveLength(2);
    expect(out).toContain('\x1b[36mRUNNING\x1b[39m');
    expect(out.split('\x1b[?25h\x1b[?7h')[1]).toMatch(/group0\/0 \|.* hello\r\n.*SUCCEEDED.* after/);
  });

  it('gives the terminal back when it is stopped at once', async () => {
    const running = await onTerminal({ progress: [{ state: 'RUNNING' }], whenCancelled: 'never ends' });
    const end = running.ended();
    await running.hasWritten('RUNNING');
    running.child.stdin?.write(CTRL_C);
    await running.hasWritten('Ctrl-C again');
    running.child.stdin?.write(CTRL_C);
    const { out } = await end;
    expect(out).toContain('\x1b[?25h\x1b[?7h');
    expect(out).toContain('closed with {"stopNodes":true}');
  });

  it('gives the terminal back when Ctrl-C ends the waiting, and leaves the job alone', async () => {
    await using service = await FakeService.start(fakeJob({ progress: [{ state: 'RUNNING' }] }));
    const command = ['exec', ...node, main, 'jobs', 'wait', 'my-job'].join(' ');
    const env = { TERM: 'xterm', SLUICE_ENDPOINT: service.endpoint };
    const running = new Running([script ?? '', '-qec', command, '/dev/null'], env);
    const end = running.ended();
    await running.hasWritten('RUNNING');
    running.child.stdin?.write(CTRL_C);
    const { code, out } = await end;
    expect(code).toBe(130);
    expect(out).toContain('\x1b[?25h\x1b[?7hmy-job goes on;');
    expect(service.paths('POST')).toEqual([]);
  });

  it.each([{ CI: 'true' }, { NO_LIVE: '1' }, { TERM: 'dumb' }])('writes plain lines with %j', async (env) => {
    const { out } = await (
      await onTerminal({ progress: [{ state: 'SUCCEEDED' }] }, env as Record<string, string>)
    ).ended();
    expect(out).not.toContain('\x1b[?25l');
    expect(out).toContain('my-job: SUCCEEDED');
  });

  it('writes no colours with NO_COLOR', async () => {
    const { out } = await (
      await onTerminal({ progress: [{ state: 'SUCCEEDED' }] }, { NO_COLOR: '1' })
    ).ended();
    expect(out).not.toContain('\x1b[3');
  });
});
