import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages } from '../infra-tests/debian-packages.ts';
import { NotMeasured } from './contender.ts';

const run = promisify(execFile);

/** What a short command prints. Throws with its error output when it fails. */
export async function outputOf(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { stdout } = await run(command, [...args], { env, maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** A child, and the promise of its end, which is rejected when it fails. */
export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<void>;
  /** Resolved when there is no process any more, however it ended. */
  readonly gone: Promise<void>;
}

/** Starts a process; `ended` is handled even when nobody waits for it. */
export function start(command: string, args: readonly string[], options: SpawnOptions): Started {
  const child = spawn(command, [...args], options);
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${basename(command)} ended with ${signal ?? `exit code ${code}`}`));
    });
  });
  ended.catch(() => undefined);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.pid === undefined) throw new NotMeasured(`${basename(command)} cannot be started`);
  return { child, pid: child.pid, ended, gone };
}

const GRACE_MS = 15_000;

/** Asks a process to end, and kills it when it does not. */
export async function stop({ child, gone }: Started, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(timer);
}

/** Whether a program is on PATH. */
export function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...folders, '/usr/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Installs Debian packages when a program of theirs is missing. */
export async function ensureProgram(program: string, packages: readonly string[]): Promise<void> {
  if (isOnPath(program)) return;
  try {
    await installPackages(packages);
  } catch (error) {
    throw new NotMeasured((error as Error).message);
  }
}
