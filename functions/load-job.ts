import type { GroupRecord } from '../shared/core/group/group-record.ts';
import type { JobRecord } from '../shared/core/job/job-record.ts';
import { groupIdOf } from '../shared/core/job/job-record.ts';
import { groupKey, jobKey, seatBlocks } from '../shared/core/keys.ts';
import type { SeatRecord } from '../shared/core/seat/seat-record.ts';
import type { Item, Store } from '../shared/ports/store.ts';

/** The job's record, or undefined when it has been deleted. */
export function loadJob(store: Store, uid: string): Promise<Item<JobRecord> | undefined> {
  return store.get<JobRecord>(jobKey(uid));
}

/** The groups of a job that has been planned, in order; an empty list before. */
export async function loadGroups(store: Store, job: JobRecord): Promise<Item<GroupRecord>[]> {
  const ids = (job.spec.taskGroups ?? []).map((_, order) => groupIdOf(order));
  const groups = await store.getMany<GroupRecord>(ids.map((id) => groupKey(job.uid, id)));
  return groups.filter((group) => group !== undefined);
}

/** All seats of a group, in order. */
export async function loadSeats(
  store: Store,
  group: Pick<GroupRecord, 'jobUid' | 'groupId' | 'seatCount'>,
): Promise<Item<SeatRecord>[]> {
  const blocks = seatBlocks(group.jobUid, group.groupId, group.seatCount);
  const pages = await Promise.all(blocks.map((pk) => store.query<SeatRecord>({ pk, limit: 100 })));
  return pages.flat();
}
