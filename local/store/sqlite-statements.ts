import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { IndexName, Range } from '../../shared/ports/store.ts';

/** A query over a range: its text, and the values for it in order. */
interface RangeQuery {
  readonly sql: string;
  readonly values: SQLInputValue[];
}

/** Rows as arrays: they are read faster, and there is one shape for each query. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Compiles each text once. */
  of(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      statement.setReturnArrays(true);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }

  rows<Row extends readonly unknown[]>({ sql, values }: RangeQuery): Row[] {
    return this.of(sql).all(...values) as unknown as Row[];
  }
}

export const sql = {
  get: 'SELECT pk, sk, version, body FROM items WHERE pk = ? AND sk = ?',
  version: 'SELECT version FROM items WHERE pk = ? AND sk = ?',
  noteCreation: 'INSERT INTO changes (pk, sk, removed) VALUES (?, ?, 0)',
  create: `INSERT INTO items (pk, sk, index1_pk, index1_sk, index2_pk, index2_sk, index3_pk, index3_sk,
      body, version, seq)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, last_insert_rowid()) ON CONFLICT DO NOTHING`,
  noteUpdate: `INSERT INTO changes (pk, sk, removed, previous, before)
    SELECT pk, sk, 0, seq, body FROM items WHERE pk = ? AND sk = ? AND version = ?`,
  update: `UPDATE items SET version = version + 1, seq = last_insert_rowid(),
    index1_pk = ?, index1_sk = ?, index2_pk = ?, index2_sk = ?,
    index3_pk = ?, index3_sk = ?, body = ? WHERE pk = ? AND sk = ?`,
  noteRemoval: `INSERT INTO changes (pk, sk, removed, previous, before)
    SELECT pk, sk, 1, seq, body FROM items WHERE pk = ? AND sk = ? AND version = ?`,
  remove: 'DELETE FROM items WHERE pk = ? AND sk = ?',
  changes: `SELECT seq, pk, sk, before, CASE WHEN removed THEN NULL ELSE coalesce(
      (SELECT later.before FROM changes AS later WHERE later.previous = changes.seq),
      (SELECT body FROM items WHERE items.pk = changes.pk AND items.sk = changes.sk)) END
    FROM changes WHERE seq > ? ORDER BY seq LIMIT ?`,
  forget: `DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE seq <= ? ORDER BY seq LIMIT ?)`,
} as const;

export function tableQuery(range: Range): RangeQuery {
  const { where, order, values } = bounds('pk', 'sk', range);
  return {
    sql: `SELECT pk, sk, version, body FROM items WHERE ${where} ORDER BY sk ${order} LIMIT ?`,
    values,
  };
}

export function indexQuery(index: IndexName, range: Range): RangeQuery {
  const { where, order, values } = bounds(`${index}_pk`, `${index}_sk`, range);
  return {
    sql: `SELECT pk, sk, version, body, ${index}_sk FROM items WHERE ${where}
      ORDER BY ${index}_sk ${order}, pk ${order}, sk ${order} LIMIT ?`,
    values,
  };
}

function bounds(pkColumn: string, skColumn: string, { pk, from, to, limit, reverse = false }: Range) {
  const where = [
    `${pkColumn} = ?`,
    ...(from === undefined ? [] : [`${skColumn} >= ?`]),
    ...(to === undefined ? [] : [`${skColumn} < ?`]),
  ].join(' AND ');
  const ends = [from, to].filter((end) => end !== undefined);
  return { where, order: reverse ? 'DESC' : 'ASC', values: [pk, ...ends, rowLimit(limit)] };
}

/** SQLite takes a negative limit for none and refuses one that is no 64-bit integer. */
export function rowLimit(limit: number): number {
  return Math.min(Math.max(0, limit), 2 ** 31);
}
