import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataInUseError, lockData } from './data-lock.ts';
import { openSqliteStore } from './sqlite-store.ts';

let folder: string;
let file: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
  file = join(folder, 'store.db');
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts a process that commits without end; resolves when `count` of its commits are acknowledged. */
async function startWriter(count: number) {
  const script = join(import.meta.dirname, 'commit-forever.ts');
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const writer = { child, acknowledged: 0, gone: once(child, 'close') };
  await new Promise<void>((resolve, reject) => {
    void writer.gone.then(() => reject(new Error('the writer ended by itself')));
    createInterface(child.stdout).on('line', (line) => {
      writer.acknowledged = Number(line);
      if (writer.acknowledged >= count) resolve();
    });
  });
  return writer;
}

async function killNow(writer: Awaited<ReturnType<typeof startWriter>>): Promise<void> {
  writer.child.kill('SIGKILL');
  await writer.gone;
}

describe('data in use', () => {
  it('by another process is refused with the name of that process', async () => {
    const writer = await startWriter(1);
    const second = () => openSqliteStore(file);
    expect(second).toThrow(DataInUseError);
    expect(second).toThrow(`store.db is in use by process ${writer.child.pid} (`);
    expect(second).toThrow('commit-forever.ts');
    await killNow(writer);
    openSqliteStore(file).close();
  });

  it('by this process is refused too, until it is closed', () => {
    const store = openSqliteStore(file);
    expect(() => openSqliteStore(file)).toThrow(`in use by process ${process.pid} (`);
    store.close();
    openSqliteStore(file).close();
    expect(existsSync(`${file}.holder`)).toBe(false);
  });

  it.each([
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, since: '2026-01-01', command: 'x' })],
    ['nobody knows whom', 'damaged'],
  ])('that %s left behind is taken over', (_, holder) => {
    writeFileSync(`${file}.holder`, holder);
    lockData(file).release();
  });

  it.each([
    ['names a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, since: '', command: '' })],
    ['is damaged', '{'],
  ])('is refused also where the note of its holder %s', (_, holder) => {
    const lock = lockData(file);
    writeFileSync(`${file}.holder`, holder);
    expect(() => lockData(file)).toThrow('in use by another process');
    lock.release();
    lock.release();
  });

  it('is not what is wrong with a folder that does not exist', () => {
    expect(() => lockData(join(folder, 'none', 'store.db'))).toThrow(
      /^Cannot lock .*none\/store\.db: unable to open/,
    );
  });

  it('is not taken by a store that could not be opened', () => {
    writeFileSync(file, 'This is no database, and it is longer than the header of one would be.'.repeat(20));
    expect(() => openSqliteStore(file)).toThrow('not a database');
    lockData(file).release();
  });
});

describe('a process killed in the midst of commits', () => {
  it('keeps every commit that was acknowledged, and no part of another', async () => {
    let total = 0;
    for (let round = 0; round < 4; round += 1) {
      rmSync(file, { force: true });
      const writer = await startWriter(50 + round * 37);
      await killNow(writer);
      const store = openSqliteStore(file);
      const counter = await store.get<{ commit: number }>({ pk: 'counter', sk: '' });
      const last = counter?.body.commit ?? 0;
      expect(last).toBeGreaterThanOrEqual(writer.acknowledged);
      expect(last).toBeLessThanOrEqual(writer.acknowledged + 1);
      expect(counter?.version).toBe(last);
      expect(await store.query({ pk: 'items', limit: 1_000_000 })).toHaveLength(last * 5);
      const changes = await store.changes(0, 1_000_000);
      expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: last * 6 }, (_, at) => at + 1));
      expect(changes.at(-1)).toMatchObject({ pk: 'counter', after: { commit: last } });
      store.close();
      total += last;
    }
    expect(total).toBeGreaterThan(200);
  });
});
