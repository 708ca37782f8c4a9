import { admit, type QueuedJob } from '../../shared/core/admission/admit.ts';
import { dimensions } from '../../shared/core/admission/amounts.ts';
import { type CapacityUse, usedIn } from '../../shared/core/admission/capacity-use.ts';
import { type JobDemand, jobDemand } from '../../shared/core/admission/job-demand.ts';
import type { UseLimits } from '../../shared/core/admission/use-limits.ts';
import { dependenciesMet } from '../../shared/core/job/dependencies.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { jobIndex, jobKey } from '../../shared/core/keys.ts';
import type { Capacity } from '../../shared/core/plan.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Item, Store } from '../../shared/ports/store.ts';

export interface AdmitPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly capacity: Capacity;
  readonly limits: UseLimits;
}

const A_PAGE = 100;
/** Pages of the queue that one look takes in, when jobs at its head wait for what others behind them do not. */
const PAGES = 10;

/** Whether a job stands in the queue for room. */
export function isReady(job: JobHead | undefined): boolean {
  return job?.state === 'QUEUED' && dependenciesMet(job);
}

/** A job of the queue, and what it takes; without a demand it does not fit into limits which were lowered. */
export interface QueueEntry {
  readonly item: Item<JobHead>;
  readonly demand: JobDemand | undefined;
}

/** The entry of a job as it was read: what it takes is worked out once, for one look at the queue judges it several times. */
export function queueEntry(
  item: Item<JobHead>,
  { capacity, limits }: Pick<AdmitPorts, 'capacity' | 'limits'>,
): QueueEntry {
  const demand = jobDemand(item.body, capacity, limits);
  return { item, demand: 'problem' in demand ? undefined : demand };
}

/** The jobs of a queue as admission sees them, without those that cannot fit. */
export function queuedJobs(entries: readonly QueueEntry[]): QueuedJob[] {
  return entries.flatMap(({ item: { body }, demand }) =>
    demand === undefined
      ? []
      : [{ uid: body.uid, project: body.project, wants: demand.amounts, createdAt: body.createdAt }],
  );
}

/**
 * The queue from its head on, as far as there may be room for what comes. `fresh` are jobs that have just come: an index
 * that lags does not have them yet.
 */
export async function readQueue(
  ports: AdmitPorts,
  use: CapacityUse,
  fresh: readonly string[],
): Promise<QueueEntry[]> {
  const { store, clock, limits } = ports;
  const queue = new Map<string, QueueEntry>();
  const add = (items: readonly (Item<JobHead> | undefined)[]) => {
    for (const item of items) if (item !== undefined) queue.set(item.body.uid, queueEntry(item, ports));
  };
  add(await store.getMany<JobHead>(fresh.map(jobKey)));
  let from = '';
  for (let page = 0; page < PAGES; page += 1) {
    const items = await store.queryIndex<JobHead>('index2', { pk: 'QUEUED', from, limit: A_PAGE });
    add(items);
    const last = items.at(-1);
    if (last === undefined || items.length < A_PAGE) break;
    from = `${last.indexSk}\u0000`;
    if (isFull(admit(queuedJobs(inOrder(queue)), use, limits, clock.now()).use, limits)) break;
  }
  return inOrder(queue);
}

function inOrder(queue: ReadonlyMap<string, QueueEntry>): QueueEntry[] {
  const place = ({ item }: QueueEntry) => jobIndex(item.body).index2.sk;
  return [...queue.values()]
    .filter(({ item }) => isReady(item.body))
    .sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

/** Whether not even the smallest job has room. */
function isFull(use: CapacityUse, { deployment }: UseLimits): boolean {
  const used = usedIn(use, 'deployment');
  return dimensions.some((dimension) => {
    const limit = deployment[dimension];
    return limit !== undefined && used[dimension] >= limit;
  });
}
