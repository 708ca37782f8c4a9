import { limits } from '../../shared/contract/limits.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { expiryIndex, operationKey } from '../../shared/core/keys.ts';
import type { OperationRecord } from '../../shared/core/operation-record.ts';
import type { Put, Store } from '../../shared/ports/store.ts';

/** The writes that end the operations which wait for this job; one that has ended already stays as it is. */
export async function endOperations(store: Store, job: JobHead, now: number): Promise<Put[]> {
  const keys = job.operations.map((id) => operationKey(job.project, job.location, id));
  const found = await store.getMany<OperationRecord>(keys);
  return found
    .filter((item) => item !== undefined)
    .filter(({ body }) => !body.done)
    .map((item) => ({
      pk: item.pk,
      sk: item.sk,
      body: { ...item.body, done: true, endedAt: now },
      ifVersion: item.version,
      index: expiryIndex(now + limits.retentionMs, item.sk),
    }));
}
