import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Key } from '../../shared/ports/store.ts';
import { storeConformance } from '../../shared/testing/store-conformance.ts';
import { openSqliteStore } from './sqlite-store.ts';

type SqliteStore = ReturnType<typeof openSqliteStore>;

let folder: string;
let opened: SqliteStore[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-store-'));
  opened = [];
});
afterEach(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true });
});

function open(name: string): SqliteStore {
  const store = openSqliteStore(join(folder, name));
  opened.push(store);
  return store;
}

storeConformance('SQLite', () => open(`${opened.length}.db`));

describe('a SQLite file', () => {
  const key: Key = { pk: 'P', sk: 'a' };

  it('keeps items, index entries and changes when it is closed and opened again', async () => {
    const first = open('kept.db');
    const index = { index1: { pk: 'I', sk: '1' } };
    await first.commit([{ ...key, body: { n: 1 }, ifVersion: 0, index }]);
    await first.commit([{ ...key, body: { n: 2 }, ifVersion: 1, index }]);
    await first.forgetChanges(1);
    first.close();
    first.close();
    const second = open('kept.db');
    expect(await second.get(key)).toMatchObject({ version: 2, body: { n: 2 } });
    expect(await second.queryIndex('index1', { pk: 'I', limit: 1 })).toHaveLength(1);
    expect(await second.changes(0, 10)).toEqual([{ ...key, seq: 2, before: { n: 1 }, after: { n: 2 } }]);
    await second.forgetChanges(2);
    second.close();
    const third = open('kept.db');
    await third.commit([{ ...key, remove: true, ifVersion: 2 }]);
    expect(await third.changes(0, 10)).toEqual([{ ...key, seq: 3, before: { n: 2 } }]);
  });

  it('is for its owner alone', () => {
    open('private.db');
    expect(statSync(join(folder, 'private.db')).mode & 0o777).toBe(0o600);
  });

  it('of a newer version is refused and left as it is', () => {
    open('newer.db').close();
    const db = new DatabaseSync(join(folder, 'newer.db'));
    db.exec('PRAGMA user_version = 1000');
    db.close();
    expect(() => open('newer.db')).toThrow(/newer\.db was written by a newer version.*schema is 1000/);
    expect(() => open('newer.db')).toThrow('newer version');
  });

  it('of an older version is refused, for nothing released wrote it', () => {
    const db = new DatabaseSync(join(folder, 'older.db'));
    db.exec('PRAGMA user_version = 1');
    db.close();
    expect(() => open('older.db')).toThrow(
      /older\.db was written .*before its first release: its schema is 1/,
    );
  });

  it.each([
    ['another program', 'CREATE TABLE notes (text)', 'a database of another program'],
    ['another program, with its own version', 'PRAGMA user_version = 77', 'newer version'],
  ])('of %s is refused', (_, statement, message) => {
    const db = new DatabaseSync(join(folder, 'other.db'));
    db.exec(statement);
    db.close();
    expect(() => open('other.db')).toThrow(message);
  });

  it('cannot be used after it is closed', async () => {
    const store = open('closed.db');
    store.close();
    await expect(store.get(key)).rejects.toThrow();
  });

  it('finds its ranges by indexes', () => {
    open('plans.db').close();
    const db = new DatabaseSync(join(folder, 'plans.db'));
    const plan = (where: string) =>
      db.prepare(`EXPLAIN QUERY PLAN SELECT body FROM items WHERE ${where}`).get()?.detail;
    expect(plan('index1_pk = ? AND index1_sk >= ? ORDER BY index1_sk, pk, sk')).toMatch(
      /USING INDEX items_index1/,
    );
    expect(plan('index2_pk = ? AND index2_sk < ? ORDER BY index2_sk DESC, pk DESC, sk DESC')).toMatch(
      /USING INDEX items_index2/,
    );
    db.close();
  });
});
