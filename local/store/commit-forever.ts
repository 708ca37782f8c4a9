import { writeSync } from 'node:fs';
import { openSqliteStore } from './sqlite-store.ts';

/**
 * A process for tests to kill: `node commit-forever.ts <file>` commits on and on, and writes the number of each commit
 * to its standard output once the store has acknowledged it.
 */
const file = process.argv[2];
if (file === undefined) throw new Error('commit-forever.ts <file>');
const store = openSqliteStore(file);
for (let commit = 1; ; commit += 1) {
  const items = Array.from({ length: 5 }, (_, part) => ({
    pk: 'items',
    sk: `${String(commit).padStart(8, '0')}-${part}`,
    body: { commit, text: 'x'.repeat(1000) },
    ifVersion: 0,
  }));
  const counter = { pk: 'counter', sk: '', body: { commit }, ifVersion: commit - 1 };
  await store.commit([...items, counter]);
  writeSync(1, `${commit}\n`);
}
