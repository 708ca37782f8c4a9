import type { Write } from './store.ts';

/** A commit that no store could carry out, whatever it holds: a mistake of the caller, not a conflict. */
export class CommitRefusedError extends Error {
  override readonly name: string = 'CommitRefusedError';
}

/** What every adapter refuses before it writes: too many writes, two of one item, the removal of an item never read. */
export function checkWrites(writes: readonly Write[], maxWrites: number): void {
  if (writes.length > maxWrites) {
    throw new CommitRefusedError(`A commit holds at most ${maxWrites} writes, not ${writes.length}.`);
  }
  const partitions = new Map<string, Set<string>>();
  for (const write of writes) {
    const { pk, sk, ifVersion } = write;
    if (!Number.isSafeInteger(ifVersion) || ifVersion < ('remove' in write ? 1 : 0)) {
      throw new CommitRefusedError(`${pk} ${sk}: ${ifVersion} is no version to write over.`);
    }
    const seen = partitions.get(pk) ?? new Set();
    if (seen.has(sk)) throw new CommitRefusedError(`${pk} ${sk} is written twice in one commit.`);
    partitions.set(pk, seen.add(sk));
  }
}
