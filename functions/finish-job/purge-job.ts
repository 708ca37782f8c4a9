import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupIdOf, type JobHead } from '../../shared/core/job/job-record.ts';
import type { GroupOutline } from '../../shared/core/job/job-spec.ts';
import { dependentKey, groupKey, jobNameKey, specKey, taskRanges } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LogReader } from '../../shared/ports/log-reader.ts';
import { removal } from '../../shared/ports/removal.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { tellAllDependents } from '../advance-jobs/tell-dependents.ts';
import { commitAgain } from '../commit-again.ts';
import { loadJobHead, loadSeats } from '../load-job.ts';
import { endOperations } from './end-operations.ts';

interface PurgePorts {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Removes a deleted job: logs, tasks, seats, groups, and last the job and its name in one commit with the end of the
 * delete operation. Cut off at any point it is simply done again.
 */
export async function purgeJob(
  ports: PurgePorts & { readonly logs: LogReader },
  job: JobHead,
): Promise<void> {
  const { store, clock, logs } = ports;
  await logs.remove(job.uid);
  for (const [order, wished] of (job.spec.taskGroups ?? []).entries()) {
    await purgeGroup(ports, job.uid, groupIdOf(order), wished);
  }
  await tellAllDependents(ports, job);
  await removeAll(ports, () => store.query({ pk: dependentKey(job.uid, '').pk, limit: 100_000 }));
  await commitAgain(clock, async () => {
    const item = await loadJobHead(store, job.uid);
    if (item === undefined) return;
    const [name, spec] = await store.getMany([jobNameKey(item.body), specKey(job.uid)]);
    const edges = await dependencyEdges(store, item.body);
    const gone = [item, ...edges, name, spec].filter((one) => one !== undefined);
    await store.commit([...gone.map(removal), ...(await endOperations(store, item.body, clock.now()))]);
  });
}

/** The records by which others would tell this job of their end. */
async function dependencyEdges(store: Store, job: JobHead): Promise<Item[]> {
  const uids = new Set((job.dependencies ?? []).map((dependency) => dependency.uid));
  const keys = [...uids].map((uid) => dependentKey(uid, job.uid));
  return (await store.getMany(keys)).filter((item) => item !== undefined);
}

async function purgeGroup(
  ports: PurgePorts,
  jobUid: string,
  groupId: string,
  wished: GroupOutline,
): Promise<void> {
  const { store } = ports;
  const key = groupKey(jobUid, groupId);
  const group = (await store.get<GroupRecord>(key))?.body;
  for (const range of taskRanges(jobUid, groupId, 0, group?.taskCount ?? 0))
    await removeAll(ports, () => store.query(range));
  // A plan that broke off has left seats without their group: at most one for each task that may run at once.
  const taskCount = Number(wished.taskCount ?? 1);
  const seatCount = group?.seatCount ?? Math.min(taskCount, Number(wished.parallelism ?? taskCount));
  await removeAll(ports, () => loadSeats(store, { jobUid, groupId, seatCount }));
  await removeAll(ports, async () => (await store.getMany([key])).filter((item) => item !== undefined));
}

/** A late report of a node that is gone may still write a seat: then what is there is read again. */
function removeAll({ store, clock }: PurgePorts, load: () => Promise<readonly Item[]>): Promise<void> {
  return commitAgain(clock, async () => {
    const items = await load();
    for (let from = 0; from < items.length; from += store.maxWrites) {
      await store.commit(items.slice(from, from + store.maxWrites).map(removal));
    }
  });
}
