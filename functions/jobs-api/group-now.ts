import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupIdOf, type JobHead } from '../../shared/core/job/job-record.ts';
import { isLive } from '../../shared/core/job/job-states.ts';
import { addCounts, noTasks, seatCounts, type TaskCounts } from '../../shared/core/seat/seat-progress.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadGroups, loadSeats } from '../load-job.ts';

/** A task group as the store has it now; without a record it has not been planned, or is not looked up any more. */
export interface GroupNow {
  readonly groupId: string;
  readonly group: GroupRecord | undefined;
  readonly seats: readonly SeatRecord[];
}

/** The groups of a job, in order, as its view needs them: nothing is read where the job's own record says all. */
export async function groupsNow(store: Store, job: JobHead): Promise<GroupNow[]> {
  const isPlanned = job.state !== 'QUEUED' && job.final === undefined;
  const planned = isPlanned ? await loadGroups(store, job) : [];
  const groups = (job.spec.taskGroups ?? []).map((_, order) => {
    const groupId = groupIdOf(order);
    return { groupId, group: planned.find(({ body }) => body.groupId === groupId)?.body };
  });
  return Promise.all(
    groups.map(async ({ groupId, group }) => ({
      groupId,
      group,
      seats: group === undefined ? [] : (await loadSeats(store, group)).map(({ body }) => body),
    })),
  );
}

/** How many tasks a group of a job has. */
export function taskCountOf(job: JobHead, order: number, group: GroupRecord | undefined): number {
  return group?.taskCount ?? Number(job.spec.taskGroups?.[order]?.taskCount ?? 1);
}

/**
 * Tasks of a group by state. Seats are read one after the other while tasks move between them, and only tasks that have
 * not started do: so whatever the seats leave out of the group's taskCount is PENDING.
 */
export function groupCounts(job: JobHead, order: number, now: GroupNow): TaskCounts {
  const final = job.final?.[now.groupId];
  if (final !== undefined) return final.counts;
  const taskCount = taskCountOf(job, order, now.group);
  // Without a plan no task has run, and none will once the job is no longer live.
  if (now.group === undefined)
    return { ...noTasks, [isLive(job.state) ? 'PENDING' : 'UNEXECUTED']: taskCount };
  const { PENDING: _, ...counts } = now.seats.map(seatCounts).reduce(addCounts, noTasks);
  const others = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { ...counts, PENDING: Math.max(0, taskCount - others) };
}
