import { admit, type QueuedJob } from '../../shared/core/admission/admit.ts';
import { type CapacityUse, unused } from '../../shared/core/admission/capacity-use.ts';
import { waitText } from '../../shared/core/admission/wait-text.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { capacityKey, jobIndex } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { isReady, queuedJob } from '../advance-jobs/read-queue.ts';
import type { Room } from './api-ports.ts';

/** Jobs ahead that are counted; a place behind them is a place behind so many. */
const COUNTED = 500;

/** What a job that stands in the queue for room waits for now, and its place; undefined for any other job. */
export async function queuePlace(
  { store, clock, capacity, limits }: Room & { readonly store: Store; readonly clock: Clock },
  job: JobHead,
): Promise<string | undefined> {
  if (!isReady(job)) return undefined;
  const self = queuedJob(job, capacity, limits);
  if (self === undefined) return 'waits for room that this deployment no longer has';
  const [taken, ahead] = await Promise.all([
    store.get<CapacityUse>(capacityKey),
    store.queryIndex<JobHead>('index2', { pk: 'QUEUED', to: jobIndex(job).index2.sk, limit: COUNTED }),
  ]);
  if (ahead.length === COUNTED) return `waits for room: more than ${COUNTED} jobs are before it in the queue`;
  const queue: QueuedJob[] = ahead.flatMap(({ body }) => queuedJob(body, capacity, limits) ?? []);
  const { waiting, admitted, use } = admit([...queue, self], taken?.body ?? unused, limits, clock.now());
  const wait = waiting.get(job.uid);
  // There is room, and the next look at the queue gives it.
  if (wait === undefined) return undefined;
  return waitText(self, wait, ahead.length - admitted.length + 1, use, limits);
}
