import { sizeOf, storeItem } from '../../shared/aws/stored-item.ts';
import {
  ConflictError,
  type Item,
  indexNames,
  type Key,
  type Store,
  type Write,
} from '../../shared/ports/store.ts';

/** What went through a store, in the terms in which DynamoDB charges and limits it. */
export interface StoreCharges {
  /** Writes that took effect, by `pk sk`. */
  readonly writes: Map<string, number>;
  commits: number;
  conflicts: number;
  /** Items that gets and queries gave. */
  itemsRead: number;
  queries: number;
  /** Request units: of 4 KB, strongly consistent but for the indexes. */
  readUnits: number;
  /** Request units: of 1 KB, two in a transaction, and one more for each index entry; commits that conflict cost too. */
  writeUnits: number;
}

export function chargedStore(store: Store): { store: Store; counts: StoreCharges } {
  const counts: StoreCharges = {
    ...{ writes: new Map(), commits: 0, conflicts: 0, itemsRead: 0, queries: 0 },
    ...{ readUnits: 0, writeUnits: 0 },
  };
  /** Bytes of each item as the table keeps it. */
  const sizes = new Map<string, number>();
  const bytes = (key: Key | undefined) => (key === undefined ? 0 : (sizes.get(nameOf(key)) ?? 0));
  const units = (size: number, unit: number) => Math.max(1, Math.ceil(size / unit));

  function gotten<Found extends readonly (Item | undefined)[]>(found: Found): Found {
    counts.itemsRead += found.length;
    for (const item of found) counts.readUnits += units(bytes(item), 4096);
    return found;
  }
  function queried<Found extends readonly Item[]>(found: Found, share: number): Found {
    counts.queries += 1;
    counts.itemsRead += found.length;
    counts.readUnits +=
      share *
      units(
        found.reduce((sum, item) => sum + bytes(item), 0),
        4096,
      );
    return found;
  }
  function unitsOf(writes: readonly Write[]): number {
    return writes.reduce((sum, write) => {
      if ('remove' in write) return sum + 1;
      const one = units(sizeOf(storeItem(write)), 1024);
      const copies = indexNames.filter((name) => write.index?.[name] !== undefined).length;
      return sum + one * ((writes.length > 1 ? 2 : 1) + copies);
    }, 0);
  }
  const counting: Store = {
    ...store,
    async get<Body>(key: Key) {
      const found = await store.get<Body>(key);
      gotten([found]);
      return found;
    },
    getMany: async <Body>(keys: readonly Key[]) => gotten(await store.getMany<Body>(keys)),
    query: async <Body>(range: Parameters<Store['query']>[0]) => queried(await store.query<Body>(range), 1),
    queryIndex: async <Body>(...given: Parameters<Store['queryIndex']>) =>
      queried(await store.queryIndex<Body>(...given), 0.5),
    async commit(writes) {
      counts.writeUnits += unitsOf(writes);
      try {
        await store.commit(writes);
      } catch (error) {
        if (error instanceof ConflictError) counts.conflicts += 1;
        throw error;
      }
      counts.commits += 1;
      for (const write of writes) {
        const name = nameOf(write);
        counts.writes.set(name, (counts.writes.get(name) ?? 0) + 1);
        sizes.set(name, 'remove' in write ? 0 : sizeOf(storeItem(write)));
      }
    },
  };
  return { store: counting, counts };
}

function nameOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}
