import { ConflictError, type Item, type Key, type Store } from '../ports/store.ts';

/** What went through a store. */
export interface StoreCounts {
  /** Writes that took effect, by `pk sk`. */
  readonly writes: Map<string, number>;
  commits: number;
  conflicts: number;
  /** Items that gets and queries gave. */
  itemsRead: number;
  queries: number;
}

export function countingStore(store: Store): { store: Store; counts: StoreCounts } {
  const counts: StoreCounts = { writes: new Map(), commits: 0, conflicts: 0, itemsRead: 0, queries: 0 };
  function read<Found extends readonly (Item | undefined)[]>(found: Found): Found {
    counts.itemsRead += found.length;
    return found;
  }
  const counting: Store = {
    maxWrites: store.maxWrites,
    async get<Body>(key: Key) {
      counts.itemsRead += 1;
      return store.get<Body>(key);
    },
    async getMany<Body>(keys: readonly Key[]) {
      return read(await store.getMany<Body>(keys));
    },
    async query<Body>(range: Parameters<Store['query']>[0]) {
      counts.queries += 1;
      return read(await store.query<Body>(range));
    },
    async queryIndex<Body>(...given: Parameters<Store['queryIndex']>) {
      counts.queries += 1;
      return read(await store.queryIndex<Body>(...given));
    },
    async commit(writes) {
      try {
        await store.commit(writes);
      } catch (error) {
        if (error instanceof ConflictError) counts.conflicts += 1;
        throw error;
      }
      counts.commits += 1;
      for (const { pk, sk } of writes) {
        const name = `${pk} ${sk}`;
        counts.writes.set(name, (counts.writes.get(name) ?? 0) + 1);
      }
    },
    changes: (after, limit) => store.changes(after, limit),
    forgetChanges: (upTo) => store.forgetChanges(upTo),
  };
  return { store: counting, counts };
}
