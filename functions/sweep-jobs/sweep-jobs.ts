import { moveJob } from '../../shared/core/job/job-events.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { timeKey } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { ConflictError, type Item, type Store } from '../../shared/ports/store.ts';
import { jobWrite } from '../write-job.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Google Batch's quotas: a job waits two days at most and is forgotten sixty days after it finished. */
export const sweepLimits = { queuedMs: 2 * DAY_MS, retentionMs: 60 * DAY_MS };

const A_SWEEP = 500;

/** Finds what no event tells: jobs that have waited too long, and finished jobs whose retention is over. */
export async function sweepJobs({ store, clock }: { store: Store; clock: Clock }): Promise<void> {
  const now = clock.now();
  for (const item of await store.queryIndex<JobRecord>('index2', { pk: 'QUEUED', limit: A_SWEEP })) {
    if (now - item.body.createdAt < sweepLimits.queuedMs) continue;
    const waitedFor = item.body.waitingFor === undefined ? '' : ` It ${item.body.waitingFor}.`;
    moveJob(item.body, 'failed', now, {
      suffix: `Job failed because it was queued for more than 2 days.${waitedFor}`,
    });
    item.body.finishedAt = now;
    await commitUnlessChanged(store, item);
  }
  const forgotten = { pk: 'FINISHED', to: timeKey(now - sweepLimits.retentionMs), limit: A_SWEEP };
  for (const item of await store.queryIndex<JobRecord>('index2', forgotten)) {
    moveJob(item.body, 'delete-requested', now);
    await commitUnlessChanged(store, item);
  }
}

async function commitUnlessChanged(store: Store, item: Item<JobRecord>): Promise<void> {
  try {
    await store.commit([jobWrite(item)]);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
