import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputPipes } from '../output/output-pipe.ts';
import { environmentText, inheritedVariables } from './environment.ts';
import { GroupFile } from './group-file.ts';
import { ScriptFiles } from './script-file.ts';
import { type RunningCommand, ShellPool } from './shell-pool.ts';

let folder: string;
let pool: ShellPool;
let scripts: ScriptFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-shell-'));
  const environment = inheritedVariables(process.env);
  const groups = new GroupFile(join(folder, 'groups'));
  pool = new ShellPool({ words: [], workDir: folder, environment }, new OutputPipes(folder), groups);
  scripts = new ScriptFiles(folder, folder);
});
afterEach(() => {
  pool.killAll();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
  bytes: number;
}

function start(command: string, variables: Record<string, string> = {}) {
  const { exports, prefix } = environmentText({
    spec: {},
    task: {},
    runnable: variables,
    secretNames: new Set(),
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let running: RunningCommand | undefined;
  const ended = new Promise<Ended>((resolve) => {
    running = pool.run({
      exports,
      command: prefix + command,
      stdout: (bytes) => out.push(Buffer.from(bytes)),
      stderr: (bytes) => err.push(Buffer.from(bytes)),
      onExit: (exitCode) => {
        const stdout = Buffer.concat(out);
        resolve({
          exitCode,
          stdout: `${stdout}`,
          stderr: Buffer.concat(err).toString(),
          bytes: stdout.length,
        });
      },
    });
  });
  return { ended, signal: (name: 'SIGTERM' | 'SIGKILL') => running?.signal(name), out };
}

const run = (text: string, variables?: Record<string, string>) =>
  start(scripts.commandForText(text), variables).ended;

async function until(isSo: () => boolean): Promise<void> {
  for (let at = 0; at < 500 && !isSo(); at += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSo()).toBe(true);
}

const lives = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

describe('a script', () => {
  it.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['false', 1],
    ['no-such-program', 127],
    ['kill -9 $$', 137],
    ['kill -TERM $$', 143],
    ['kill -SEGV $$', 139],
  ])('%s has exit code %d', async (text, exitCode) => {
    expect((await run(text)).exitCode).toBe(exitCode);
  });

  it('has its output, the error output apart, and what has no newline', async () => {
    expect(await run('echo one; echo two >&2; printf three')).toMatchObject({
      stdout: 'one\nthree',
      stderr: 'two\n',
    });
  });

  it('may open /dev/stdout and /dev/stderr, and loses nothing', async () => {
    const text = 'echo 1; echo 2 >/dev/stdout; echo a >&2; echo b >/dev/stderr; echo c >/dev/stderr; echo 3';
    expect(await run(text)).toMatchObject({ stdout: '1\n2\n3\n', stderr: 'a\nb\nc\n' });
  });

  it('has an empty standard input and no other descriptor', async () => {
    const text = 'cat; for fd in 3 4; do test -p /proc/$$/fd/$fd && echo open; done; echo end';
    expect((await run(text)).stdout).toBe('end\n');
  });

  it('runs in the working directory', async () => {
    expect((await run('pwd')).stdout).toBe(`${folder}\n`);
  });

  it.each([
    ['#!/usr/bin/env python3\nimport sys; print(sys.version_info[0])', '3\n'],
    ['#!/bin/bash\necho bash $((2**5))', 'bash 32\n'],
    ['#! /bin/sh -e\nfalse\necho not here', ''],
    ['#!/bin/sh\r\necho crlf\r', 'crlf\r\n'],
  ])('names its interpreter: %j', async (text, stdout) => {
    expect((await run(text)).stdout).toBe(stdout);
  });

  it('gets its variables exactly', async () => {
    const variables = {
      QUOTES: `a'b"c'' $HOME \`id\` \\ \\n !`,
      LINES: 'one\ntwo\n\nthree\n',
      UNICODE: 'žluťoučký 🐎 ',
      EMPTY: '',
      'odd.name': "it's",
      UID: '77',
      LONG: 'x'.repeat(100_000),
    };
    const printer = '#!/usr/bin/env python3\nimport os, json\nprint(json.dumps(dict(os.environ)))';
    const printed = JSON.parse((await run(printer, variables)).stdout) as Record<string, string>;
    expect(printed).toMatchObject(variables);
  });

  it('inherits nothing else of the agent', async () => {
    process.env.AGENT_ONLY = 'x';
    expect((await run('env')).stdout).not.toContain('AGENT_ONLY');
    delete process.env.AGENT_ONLY;
  });

  it('does not see the variables of the one before it', async () => {
    await run('true', { FIRST: '1' });
    expect((await run('env')).stdout).not.toContain('FIRST');
  });

  it('writes 10 MB', async () => {
    const text = '#!/usr/bin/env python3\nfor i in range(100000): print("x" * 99)\nprint("end", end="")';
    const { bytes, stdout } = await run(text);
    expect(bytes).toBe(10_000_003);
    expect(stdout.endsWith('x\nend')).toBe(true);
  });

  it('that is not in its file exits with 127', () => {
    expect(() => scripts.commandForPath('no/such')).toThrow(/no such file/);
  });

  it('in a file is run by its interpreter, or by sh', async () => {
    writeFileSync(join(folder, 'plain'), 'echo plain');
    writeFileSync(join(folder, 'it is'), '#!/usr/bin/env python3\nprint("python")');
    expect((await start(scripts.commandForPath('plain')).ended).stdout).toBe('plain\n');
    expect((await start(scripts.commandForPath(join(folder, 'it is'))).ended).stdout).toBe('python\n');
  });
});

describe('a signal', () => {
  it('TERM ends a script with all that it started, with 143', async () => {
    const running = start(scripts.commandForText('sleep 60 & echo $!; sleep 60'));
    await until(() => running.out.length > 0);
    running.signal('SIGTERM');
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(143);
    await until(() => !lives(Number(stdout)));
  });

  it('TERM lets a script clean up and say its own exit code', async () => {
    const running = start(
      scripts.commandForText('trap "echo cleaned; exit 3" TERM; echo up; sleep 60 & wait'),
    );
    await until(() => running.out.length > 0);
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({ exitCode: 3, stdout: 'up\ncleaned\n' });
  });

  it('KILL ends one that ignores TERM, with 137', async () => {
    const text = 'trap "" TERM; echo up; while :; do sleep 1; done';
    const running = start(scripts.commandForText(text));
    await until(() => running.out.length > 0);
    running.signal('SIGTERM');
    expect((await run('echo other')).stdout).toBe('other\n');
    running.signal('SIGKILL');
    expect((await running.ended).exitCode).toBe(137);
  });

  it('after the end does nothing to the next script of the shell', async () => {
    const first = start(scripts.commandForText('true'));
    await first.ended;
    const next = run('sleep 0.05; echo whole');
    first.signal('SIGKILL');
    expect(await next).toMatchObject({ exitCode: 0, stdout: 'whole\n' });
  });
});

describe('a shell', () => {
  it('that is killed by its script is replaced', async () => {
    expect((await run('kill -9 0')).exitCode).toBe(137);
    expect((await run('kill -9 $PPID; sleep 5')).exitCode).toBe(137);
    expect((await run('echo on')).stdout).toBe('on\n');
  });

  it('survives a script that signals its group', async () => {
    expect((await run('trap "" TERM; kill -TERM 0; exit 4')).exitCode).toBe(4);
  });

  it('takes what a script left behind with it when it is idle', async () => {
    const { stdout } = await run('sleep 300 </dev/null >/dev/null 2>&1 & echo $!');
    await until(() => !lives(Number(stdout)));
  });

  it('tells the end of a script that leaves something behind that never stops writing', async () => {
    expect((await run('yes & exit 3')).exitCode).toBe(3);
  });

  it('is replaced after many scripts, and its group is on record', async () => {
    const parents = new Set<string>();
    for (let at = 0; at < 220; at += 1) parents.add((await run('echo $PPID')).stdout.trim());
    expect(parents.size).toBeGreaterThan(1);
    const groups = readFileSync(join(folder, 'groups'), 'utf8').trim().split('\n');
    expect(groups).toEqual(expect.arrayContaining([...parents]));
  });

  it('is not visible to others with the values it was given', async () => {
    const running = start(scripts.commandForText('echo up; sleep 60'), { SECRET: 'not-on-a-command-line' });
    await until(() => running.out.length > 0);
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain('not-on-a-command-line');
    running.signal('SIGKILL');
    await running.ended;
  });

  it('that cannot start is told as a problem', async () => {
    const nowhere = { words: [], workDir: join(folder, 'nowhere'), environment: {} };
    const other = new ShellPool(
      nowhere,
      new OutputPipes(mkdtempSync(join(folder, 'x-'))),
      new GroupFile(join(folder, 'g')),
    );
    const problem = await new Promise<Error | undefined>((resolve) => {
      const none = () => undefined;
      other.run({
        exports: '',
        command: 'true',
        stdout: none,
        stderr: none,
        onExit: (_, why) => resolve(why),
      });
    });
    expect(problem?.message).toContain('ENOENT');
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});
