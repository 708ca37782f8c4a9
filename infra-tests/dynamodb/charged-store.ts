import { sizeOf, storeItem } from '../../shared/aws/stored-item.ts';
import { type Item, indexNames, type Key, type Store, type Write } from '../../shared/ports/store.ts';
import { countingStore, type StoreCounts } from '../../shared/testing/counting-store.ts';

/** What went through a store, with the request units that DynamoDB charges for it. */
export interface StoreCharges extends StoreCounts {
  /** Request units: of 4 KB, strongly consistent but for the indexes. */
  readUnits: number;
  /** Request units: of 1 KB, two in a transaction, and one more for each index entry; commits that conflict cost too. */
  writeUnits: number;
}

export function chargedStore(store: Store): { store: Store; counts: StoreCharges } {
  const counted = countingStore(store);
  const counts: StoreCharges = Object.assign(counted.counts, { readUnits: 0, writeUnits: 0 });
  /** Bytes of each item as the table keeps it. */
  const sizes = new Map<string, number>();
  const bytes = (key: Key | undefined) => (key === undefined ? 0 : (sizes.get(nameOf(key)) ?? 0));
  const units = (size: number, unit: number) => Math.max(1, Math.ceil(size / unit));

  function gotten<Found extends readonly (Item | undefined)[]>(found: Found): Found {
    for (const item of found) counts.readUnits += units(bytes(item), 4096);
    return found;
  }
  function queried<Found extends readonly Item[]>(found: Found, share: number): Found {
    const size = found.reduce((sum, item) => sum + bytes(item), 0);
    counts.readUnits += share * units(size, 4096);
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
  const charged: Store = {
    ...counted.store,
    async get<Body>(key: Key) {
      const found = await counted.store.get<Body>(key);
      gotten([found]);
      return found;
    },
    getMany: async <Body>(keys: readonly Key[]) => gotten(await counted.store.getMany<Body>(keys)),
    query: async <Body>(range: Parameters<Store['query']>[0]) =>
      queried(await counted.store.query<Body>(range), 1),
    queryIndex: async <Body>(...given: Parameters<Store['queryIndex']>) =>
      queried(await counted.store.queryIndex<Body>(...given), 0.5),
    async commit(writes) {
      counts.writeUnits += unitsOf(writes);
      await counted.store.commit(writes);
      for (const write of writes) sizes.set(nameOf(write), 'remove' in write ? 0 : sizeOf(storeItem(write)));
    },
  };
  return { store: charged, counts };
}

function nameOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}
