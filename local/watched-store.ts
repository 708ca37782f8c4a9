import type { Store, Write } from '../shared/ports/store.ts';

/** A store that tells of each commit once it is durable. */
export function watchedStore<Inner extends Store>(
  store: Inner,
  committed: (writes: readonly Write[]) => void,
): Store {
  return {
    maxWrites: store.maxWrites,
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    query: (range) => store.query(range),
    queryIndex: (index, range) => store.queryIndex(index, range),
    changes: (after, limit) => store.changes(after, limit),
    forgetChanges: (upTo) => store.forgetChanges(upTo),
    async commit(writes) {
      await store.commit(writes);
      committed(writes);
    },
  };
}
