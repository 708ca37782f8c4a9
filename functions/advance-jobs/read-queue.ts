import { admit, type QueuedJob } from '../../shared/core/admission/admit.ts';
import { dimensions } from '../../shared/core/admission/amounts.ts';
import { type CapacityUse, usedIn } from '../../shared/core/admission/capacity-use.ts';
import { jobDemand } from '../../shared/core/admission/job-demand.ts';
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

/** A job as admission sees it; undefined for one that does not fit into limits which were lowered. */
export function queuedJob(job: JobHead, capacity: Capacity, limits: UseLimits): QueuedJob | undefined {
  const demand = jobDemand(job, capacity, limits);
  if ('problem' in demand) return undefined;
  return { uid: job.uid, project: job.project, wants: demand.amounts, createdAt: job.createdAt };
}

/**
 * The queue from its head on, as far as there may be room for what comes. `fresh` are jobs that have just come: an index
 * that lags does not have them yet.
 */
export async function readQueue(
  { store, clock, capacity, limits }: AdmitPorts,
  use: CapacityUse,
  fresh: readonly string[],
): Promise<Item<JobHead>[]> {
  const queue = new Map<string, Item<JobHead>>();
  const add = (items: readonly (Item<JobHead> | undefined)[]) => {
    for (const item of items) if (item !== undefined) queue.set(item.body.uid, item);
  };
  add(await store.getMany<JobHead>(fresh.map(jobKey)));
  let from = '';
  for (let page = 0; page < PAGES; page += 1) {
    const items = await store.queryIndex<JobHead>('index2', { pk: 'QUEUED', from, limit: A_PAGE });
    add(items);
    const last = items.at(-1);
    if (last === undefined || items.length < A_PAGE) break;
    from = `${last.indexSk}\u0000`;
    const jobs = inOrder(queue).flatMap(({ body }) => queuedJob(body, capacity, limits) ?? []);
    if (isFull(admit(jobs, use, limits, clock.now()).use, limits)) break;
  }
  return inOrder(queue);
}

function inOrder(queue: ReadonlyMap<string, Item<JobHead>>): Item<JobHead>[] {
  const place = ({ body }: Item<JobHead>) => jobIndex(body).index2.sk;
  return [...queue.values()]
    .filter(({ body }) => isReady(body))
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
