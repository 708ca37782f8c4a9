import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

/** What the test runs of this user on this machine know of Docker's daemon. */
export const STATE = join(tmpdir(), `sluice-docker-${process.getuid?.() ?? 'any'}`);

/**
 * Locks between processes, by SQLite: they end with their process, whatever ends it. SHARED: any number of them; waits
 * while one has it ALONE. Undefined when `ms` have passed.
 */
async function lock(name: string, kind: 'SHARED' | 'ALONE', ms: number): Promise<DatabaseSync | undefined> {
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  for (const end = Date.now() + ms; ; await pause(100)) {
    const database = new DatabaseSync(join(STATE, name), { timeout: 0 });
    try {
      if (kind === 'ALONE') database.exec('BEGIN EXCLUSIVE');
      else database.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
      return database;
    } catch {
      database.close();
      if (Date.now() > end) return undefined;
    }
  }
}

/** Does something that must not be done by two test runs at once. */
export async function alone<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
  const held = await lock(`${name}.lock`, 'ALONE', 600_000);
  if (held === undefined) throw new Error(`${name}: another test run has been at it for ten minutes`);
  try {
    return await act();
  } finally {
    held.close();
  }
}

/** Says that the daemon is used, until `release` is called or this process ends. */
export async function useDaemon(): Promise<{ release(): void }> {
  const held = await lock('users.lock', 'SHARED', 60_000);
  let isHeld = true;
  return {
    release() {
      if (isHeld) held?.close();
      isHeld = false;
    },
  };
}

/** Calls `act` if nobody uses the daemon; waits for those who are about to end. */
export async function ifUnused(act: () => Promise<void>): Promise<void> {
  const held = await lock('users.lock', 'ALONE', 2_000);
  if (held === undefined) return;
  try {
    await act();
  } finally {
    held.close();
  }
}
