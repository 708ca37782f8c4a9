import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { checkWrites } from '../../shared/ports/check-writes.ts';
import {
  type Change,
  ConflictError,
  type IndexName,
  type Item,
  indexNames,
  type Key,
  type Put,
  type Range,
  type Store,
  type Write,
} from '../../shared/ports/store.ts';
import { lockData } from './data-lock.ts';
import { prepareSchema } from './sqlite-schema.ts';
import { indexQuery, rowLimit, Statements, sql, tableQuery } from './sqlite-statements.ts';

export interface SqliteStoreOptions {
  /**
   * NORMAL: a commit outlives the end of this process, however it comes. FULL: the loss of power too, at the price of
   * one disk flush a commit. Neither can damage the file.
   */
  readonly synchronous?: 'NORMAL' | 'FULL';
}

const MAX_WRITES = 2000;
/** Changes forgotten at a time: between two chunks, others get their turn. */
const FORGET_CHUNK = 1000;

type ItemRow = readonly [pk: string, sk: string, version: number, body: string];
type ChangeRow = readonly [seq: number, pk: string, sk: string, before: string | null, after: string | null];

/**
 * Opens the store in `file`, makes it when there is none, and keeps it for this process alone (DataInUseError when
 * another one has it). All work is done at once on the calling thread, so no two commits ever interleave.
 */
export function openSqliteStore(file: string, options: SqliteStoreOptions = {}): Store & { close(): void } {
  const lock = lockData(file);
  try {
    const db = openDatabase(file, options.synchronous ?? 'NORMAL');
    return storeOn(db, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openDatabase(file: string, synchronous: 'NORMAL' | 'FULL'): DatabaseSync {
  // Bodies hold what users put into their jobs: a new file is nobody else's to read.
  closeSync(openSync(file, 'a', 0o600));
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    prepareSchema(db, file);
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA cache_size = -32000;`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function storeOn(db: DatabaseSync, release: () => void): Store & { close(): void } {
  const statements = new Statements(db);

  function get<Body>(key: Key): Item<Body> | undefined {
    const row = statements.of(sql.get).get(key.pk, key.sk) as unknown as ItemRow | undefined;
    return row && readItem<Body>(row);
  }

  return {
    maxWrites: MAX_WRITES,
    async get<Body>(key: Key) {
      return get<Body>(key);
    },
    async getMany<Body>(keys: readonly Key[]) {
      return keys.map((key) => get<Body>(key));
    },
    async query<Body>(range: Range) {
      return statements.rows<ItemRow>(tableQuery(range)).map(readItem<Body>);
    },
    async queryIndex<Body>(index: IndexName, range: Range) {
      const rows = statements.rows<readonly [...ItemRow, indexSk: string]>(indexQuery(index, range));
      return rows.map(([pk, sk, version, body, indexSk]) => ({
        ...readItem<Body>([pk, sk, version, body]),
        indexSk,
      }));
    },
    async commit(writes) {
      checkWrites(writes, MAX_WRITES);
      if (writes.length === 0) return;
      const texts = writes.map((write) => ('remove' in write ? '' : JSON.stringify(write.body)));
      statements.of('BEGIN IMMEDIATE').run();
      try {
        for (const [at, write] of writes.entries()) writeOne(statements, write, texts[at] ?? '');
        statements.of('COMMIT').run();
      } catch (error) {
        if (db.isTransaction) statements.of('ROLLBACK').run();
        throw error;
      }
    },
    async changes(after, limit) {
      const rows = statements.of(sql.changes).all(after, rowLimit(limit)) as unknown as ChangeRow[];
      return rows.map(readChange);
    },
    async forgetChanges(upTo) {
      while (db.isOpen && statements.of(sql.forget).run(upTo, FORGET_CHUNK).changes > 0) await setImmediate();
    },
    close() {
      if (db.isOpen) db.close();
      release();
    },
  };
}

/** Notes the change first: this checks the version and gives the `seq` that the item then carries. */
function writeOne(statements: Statements, write: Write, text: string): void {
  const { pk, sk, ifVersion } = write;
  if ('remove' in write) {
    requireOne(statements, write, statements.of(sql.noteRemoval).run(pk, sk, ifVersion));
    statements.of(sql.remove).run(pk, sk);
  } else if (ifVersion === 0) {
    statements.of(sql.noteCreation).run(pk, sk);
    requireOne(statements, write, statements.of(sql.create).run(pk, sk, ...indexValues(write), text));
  } else {
    requireOne(statements, write, statements.of(sql.noteUpdate).run(pk, sk, ifVersion));
    statements.of(sql.update).run(...indexValues(write), text, pk, sk);
  }
}

function requireOne(statements: Statements, write: Write, { changes }: { changes: number | bigint }): void {
  if (changes === 1) return;
  const { pk, sk, ifVersion } = write;
  const row = statements.of(sql.version).get(pk, sk) as unknown as readonly [version: number] | undefined;
  throw new ConflictError(`${pk} ${sk} has version ${row?.[0] ?? 0}, not ${ifVersion}.`);
}

function indexValues({ index = {} }: Put): (string | null)[] {
  return indexNames.flatMap((name) => [index[name]?.pk ?? null, index[name]?.sk ?? null]);
}

function readItem<Body>([pk, sk, version, body]: ItemRow): Item<Body> {
  return { pk, sk, version, body: JSON.parse(body) as Body };
}

/** Bodies are parsed when they are looked at: most consumers pass over most changes by the key alone. */
function readChange([seq, pk, sk, before, after]: ChangeRow): Change {
  const change: Change = { seq, pk, sk };
  if (before !== null) parseLater(change, 'before', before);
  if (after !== null) parseLater(change, 'after', after);
  return change;
}

function parseLater(change: Change, side: 'before' | 'after', text: string): void {
  let body: unknown;
  Object.defineProperty(change, side, { enumerable: true, get: () => (body ??= JSON.parse(text)) });
}
