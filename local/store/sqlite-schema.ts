import type { DatabaseSync } from 'node:sqlite';

/** Grows with each change of the tables, or of what they hold. */
export const schemaVersion = 2;

/**
 * A change keeps the body that it wrote over, and no other: what it wrote is in `items`, until the next change of that
 * item (which names it as `previous`) takes the body over in turn. So a new item costs one copy of its body, not two.
 */
const tables = `
  CREATE TABLE items (
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL, -- of the change that wrote it
    index1_pk TEXT,
    index1_sk TEXT,
    index2_pk TEXT,
    index2_sk TEXT,
    index3_pk TEXT,
    index3_sk TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (pk, sk)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX items_index1 ON items (index1_pk, index1_sk, pk, sk) WHERE index1_pk IS NOT NULL;
  CREATE INDEX items_index2 ON items (index2_pk, index2_sk, pk, sk) WHERE index2_pk IS NOT NULL;
  CREATE INDEX items_index3 ON items (index3_pk, index3_sk, pk, sk) WHERE index3_pk IS NOT NULL;
  CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    removed INTEGER NOT NULL,
    previous INTEGER, -- the seq of the item before this change
    before TEXT
  ) STRICT;
  CREATE INDEX changes_previous ON changes (previous) WHERE previous IS NOT NULL;
  PRAGMA user_version = ${schemaVersion};
`;

/** Makes the tables in an empty file; refuses a file of another Sluice, newer or older, or of another program. */
export function prepareSchema(db: DatabaseSync, file: string): void {
  const found = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (found > schemaVersion) {
    throw new Error(
      `${file} was written by a newer version of Sluice: its schema is ${found}, and this version knows ` +
        `schemas up to ${schemaVersion}. Use that newer version, or another data folder.`,
    );
  }
  if (found === schemaVersion) return;
  if (found > 0) {
    throw new Error(
      `${file} was written by Sluice before its first release: its schema is ${found}, and this version reads ` +
        `schema ${schemaVersion} alone. Use another data folder, or remove this one.`,
    );
  }
  if (db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined) {
    throw new Error(`${file} is a database of another program. Choose another data folder.`);
  }
  db.exec(`BEGIN IMMEDIATE; ${tables} COMMIT;`);
}
