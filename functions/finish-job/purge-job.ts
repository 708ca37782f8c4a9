import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { jobNameKey, taskRanges } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LogReader } from '../../shared/ports/log-reader.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { loadGroups, loadJob, loadSeats } from '../load-job.ts';
import { endOperations } from './end-operations.ts';

/**
 * Removes a deleted job: logs, tasks, seats, groups, and last the job and its name in one commit with the end of the
 * delete operation. Cut off at any point it is simply done again.
 */
export async function purgeJob(
  { store, clock, logs }: { store: Store; clock: Clock; logs: LogReader },
  job: JobRecord,
): Promise<void> {
  await logs.remove(job.uid);
  for (const group of await loadGroups(store, job)) {
    const { jobUid, groupId, taskCount } = group.body;
    for (const range of taskRanges(jobUid, groupId, 0, taskCount))
      await removeAll(store, await store.query(range));
    await removeAll(store, await loadSeats(store, group.body));
    await removeAll(store, [group]);
  }
  await commitAgain(async () => {
    const item = await loadJob(store, job.uid);
    if (item === undefined) return;
    const name = await store.get(jobNameKey(item.body));
    const gone = [item, ...(name === undefined ? [] : [name])];
    await store.commit([...gone.map(removal), ...(await endOperations(store, item.body, clock.now()))]);
  });
}

async function removeAll(store: Store, items: readonly Item[]): Promise<void> {
  for (let from = 0; from < items.length; from += store.maxWrites) {
    await store.commit(items.slice(from, from + store.maxWrites).map(removal));
  }
}

const removal = ({ pk, sk, version }: Item) => ({ pk, sk, remove: true, ifVersion: version }) as const;
