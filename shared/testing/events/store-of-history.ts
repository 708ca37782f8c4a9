import type { Job } from '../../contract/job.ts';
import type { JobRecord } from '../../core/job/job-record.ts';
import type { Store } from '../../ports/store.ts';
import { memoryStore } from '../memory-store.ts';
import type { SampleHistory } from './sample-history.ts';

/** A store into which a history was written, with the feed of that; `spec` is added to its job's. */
export async function storeOf(history: SampleHistory, spec: Job = {}): Promise<Store> {
  const store = memoryStore();
  for (const { pk, sk, after } of history.changes) {
    const ifVersion = (await store.get({ pk, sk }))?.version ?? 0;
    const body =
      sk === 'job'
        ? { ...(after as JobRecord), spec: { ...(after as JobRecord).spec, ...spec } }
        : (after as object);
    await store.commit([{ pk, sk, body, ifVersion }]);
  }
  return store;
}
