import type { Store } from '../../shared/ports/store.ts';

/** A store that is still being made: its calls wait until it is there. */
export function lateStore(made: Promise<Store>, maxWrites: number): Store {
  // Whoever calls hears of what went wrong.
  made.catch(() => undefined);
  return {
    maxWrites,
    get: async (key) => (await made).get(key),
    getMany: async (keys) => (await made).getMany(keys),
    query: async (range) => (await made).query(range),
    queryIndex: async (index, range) => (await made).queryIndex(index, range),
    commit: async (writes) => (await made).commit(writes),
    changes: async (after, limit) => (await made).changes(after, limit),
    forgetChanges: async (upTo) => (await made).forgetChanges(upTo),
  };
}
