import type { Store } from '../../ports/store.ts';
import { memoryStore } from '../memory-store.ts';
import type { SampleHistory } from './sample-history.ts';

/** A store into which a history was written, with the feed of that. */
export async function storeOf(history: SampleHistory): Promise<Store> {
  const store = memoryStore();
  for (const { pk, sk, after } of history.changes) {
    const ifVersion = (await store.get({ pk, sk }))?.version ?? 0;
    await store.commit([{ pk, sk, body: after as object, ifVersion }]);
  }
  return store;
}
