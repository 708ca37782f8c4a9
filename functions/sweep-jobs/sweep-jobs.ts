import { limits } from '../../shared/contract/limits.ts';
import { moveJob } from '../../shared/core/job/job-events.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { EXPIRING, timeKey } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { removal } from '../../shared/ports/removal.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { unlessChanged } from '../../shared/ports/unless-changed.ts';
import { jobWrite } from '../write-job.ts';

const A_SWEEP = 500;

export interface SweepPorts {
  readonly store: Store;
  readonly clock: Clock;
  /** How long a finished job is kept; Google's time unless given. */
  readonly retentionMs?: number;
}

/**
 * Finds what no event tells: jobs that have waited too long, finished jobs and operations whose retention is over, and
 * request ids whose hour is. What one sweep leaves, records that changed meanwhile among it, the next finds.
 */
export async function sweepJobs({
  store,
  clock,
  retentionMs = limits.retentionMs,
}: SweepPorts): Promise<void> {
  const now = clock.now();
  const tooLong = await Promise.all(['QUEUED', 'WAITING'].map((phase) => queuedTooLong(store, phase, now)));
  for (const item of tooLong.flat()) {
    const waitedFor = item.body.waitingFor === undefined ? '' : ` It ${item.body.waitingFor}.`;
    moveJob(item.body, 'failed', now, {
      suffix: `Job failed because it was queued for more than 2 days.${waitedFor}`,
    });
    item.body.finishedAt = now;
    await unlessChanged(store.commit([jobWrite(item)]));
  }
  const forgotten = { pk: 'FINISHED', to: timeKey(now - retentionMs), limit: A_SWEEP };
  for (const item of await store.queryIndex<JobHead>('index2', forgotten)) {
    moveJob(item.body, 'delete-requested', now);
    await unlessChanged(store.commit([jobWrite(item)]));
  }
  const expired = { pk: EXPIRING, to: timeKey(now), limit: A_SWEEP };
  for (const item of await store.queryIndex('index2', expired))
    await unlessChanged(store.commit([removal(item)]));
}

/**
 * Jobs that have waited longer than they may. They stand in the order of their priorities, and of their age within one: so it
 * goes from one priority that there is to the next, and reads no others.
 */
async function queuedTooLong(store: Store, pk: string, now: number): Promise<Item<JobHead>[]> {
  const found: Item<JobHead>[] = [];
  for (let from = ''; found.length < A_SWEEP; ) {
    const [first] = await store.queryIndex<JobHead>('index2', { pk, from, limit: 1 });
    const rank = first?.indexSk.split('#')[0];
    if (rank === undefined) break;
    const to = `${rank}#${timeKey(now - limits.queueWaitMs + 1)}`;
    found.push(...(await store.queryIndex<JobHead>('index2', { pk, from: `${rank}#`, to, limit: A_SWEEP })));
    // The character after the one that ends the priority.
    from = `${rank}$`;
  }
  return found;
}
