import { admit } from '../../shared/core/admission/admit.ts';
import { type CapacityUse, unused } from '../../shared/core/admission/capacity-use.ts';
import { waitText } from '../../shared/core/admission/wait-text.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { capacityKey, jobIndex } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { isReady, queuedJobs, queueEntry } from '../advance-jobs/read-queue.ts';
import type { Room } from './api-ports.ts';

/** Jobs ahead that are counted; a place behind them is a place behind so many. */
const COUNTED = 500;

/** What a job that stands in the queue for room waits for now, and its place; undefined for any other job. */
export async function queuePlace(
  { store, clock, ...room }: Room & { readonly store: Store; readonly clock: Clock },
  item: Item<JobHead>,
): Promise<string | undefined> {
  if (!isReady(item.body)) return undefined;
  const [self] = queuedJobs([queueEntry(item, room)]);
  if (self === undefined) return 'waits for room that this deployment no longer has';
  const [taken, ahead] = await Promise.all([
    store.get<CapacityUse>(capacityKey),
    store.queryIndex<JobHead>('index2', { pk: 'QUEUED', to: jobIndex(item.body).index2.sk, limit: COUNTED }),
  ]);
  if (ahead.length === COUNTED) return `waits for room: more than ${COUNTED} jobs are before it in the queue`;
  const queue = [...queuedJobs(ahead.map((one) => queueEntry(one, room))), self];
  // Without a wait there is room, and the next look at the queue gives it.
  return waitText(self, admit(queue, taken?.body ?? unused, room.limits, clock.now()), room.limits);
}
