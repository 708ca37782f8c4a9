import type { GroupRecord } from '../shared/core/group/group-record.ts';
import { groupIdOf, type JobHead, type JobRecord } from '../shared/core/job/job-record.ts';
import { type SpecRecord, wholeSpec } from '../shared/core/job/job-spec.ts';
import { groupKey, jobKey, SEATS_A_BLOCK, seatBlocks, specKey } from '../shared/core/keys.ts';
import type { SeatRecord } from '../shared/core/seat/seat-record.ts';
import type { Item, Store } from '../shared/ports/store.ts';

/** The job's own record, or undefined when it has been deleted. */
export function loadJobHead(store: Store, uid: string): Promise<Item<JobHead> | undefined> {
  return store.get<JobHead>(jobKey(uid));
}

/** The job with its whole spec, or undefined when it has been deleted. */
export async function loadJob(store: Store, uid: string): Promise<Item<JobRecord> | undefined> {
  const [head, spec] = await store.getMany<unknown>([jobKey(uid), specKey(uid)]);
  return wholeJob(head as Item<JobHead> | undefined, spec as Item<SpecRecord> | undefined);
}

/** The jobs of the heads with their whole specs; without those that are being removed. */
export async function loadSpecs(store: Store, heads: readonly Item<JobHead>[]): Promise<Item<JobRecord>[]> {
  const specs = await store.getMany<SpecRecord>(heads.map(({ body }) => specKey(body.uid)));
  return heads.map((head, at) => wholeJob(head, specs[at])).filter((job) => job !== undefined);
}

/** Both records come and go in one commit, so a job of which one is missing is gone. */
function wholeJob(
  head: Item<JobHead> | undefined,
  spec: Item<SpecRecord> | undefined,
): Item<JobRecord> | undefined {
  if (head === undefined || spec === undefined) return undefined;
  return { ...head, body: { ...head.body, spec: wholeSpec(head.body.spec, spec.body) } };
}

/** The groups of a job that has been planned, in order; an empty list before. */
export async function loadGroups(store: Store, job: JobHead): Promise<Item<GroupRecord>[]> {
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
  return (await Promise.all(blocks.map((pk) => loadSeatBlock(store, pk)))).flat();
}

/** The seats of one of a group's `seatBlocks`. */
export function loadSeatBlock(store: Store, pk: string): Promise<Item<SeatRecord>[]> {
  return store.query<SeatRecord>({ pk, limit: SEATS_A_BLOCK });
}

const A_PAGE = 1000;

/** All jobs that have been admitted, or are being ended, and have not come to rest. */
export async function activeJobs(store: Store): Promise<Item<JobHead>[]> {
  const jobs: Item<JobHead>[] = [];
  for (let from = ''; ; ) {
    const page = await store.queryIndex<JobHead>('index2', { pk: 'ACTIVE', from, limit: A_PAGE });
    jobs.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < A_PAGE) return jobs;
    from = `${last.indexSk}\u0000`;
  }
}
