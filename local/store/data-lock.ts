import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Another process has the data, and two writers of one service would undo each other's work. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError';
}

/** What the holder says of itself, for the message that the second process gives. */
interface Holder {
  readonly pid: number;
  readonly since: string;
  readonly command: string;
}

export interface DataLock {
  release(): void;
}

/**
 * Keeps `file` for this process until it releases it or ends, whatever ends it. `<file>.lock` carries the kernel's
 * lock, which dies with its process, so no lock is ever stale, and a process id that is used again misleads nobody.
 * `<file>.holder` says who holds it. The data file itself stays open to other programs that read it.
 */
export function lockData(file: string): DataLock {
  const holderFile = `${file}.holder`;
  const lock = openLock(file, holderFile);
  const holder: Holder = {
    pid: process.pid,
    since: new Date().toISOString(),
    command: process.argv.slice(1).join(' '),
  };
  try {
    writeFileSync(`${holderFile}.new`, JSON.stringify(holder), { mode: 0o600 });
    renameSync(`${holderFile}.new`, holderFile);
  } catch (error) {
    lock.close();
    throw error;
  }
  return {
    release() {
      if (!lock.isOpen) return;
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

function openLock(file: string, holderFile: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(`${file}.lock`, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if (!isBusy(error)) throw new Error(`Cannot lock ${file}: ${(error as Error).message}`, { cause: error });
    throw new DataInUseError(
      `${file} is in use by ${describe(readHolder(holderFile))}. Stop that process first, or choose another data folder.`,
    );
  }
}

function isBusy(error: unknown): boolean {
  const sqliteBusy = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}

/** The holder as it wrote itself down; undefined in the moment before it has, or when the text is damaged. */
function readHolder(holderFile: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(holderFile, 'utf8')) as Holder;
    return isAlive(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function describe(holder: Holder | undefined): string {
  if (holder === undefined) return 'another process';
  return `process ${holder.pid} (${holder.command || 'node'}, since ${holder.since})`;
}
