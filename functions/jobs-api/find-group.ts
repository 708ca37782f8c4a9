import { notFound } from '../../shared/contract/error.ts';
import { formatTaskGroupName, type TaskGroupName } from '../../shared/contract/resource-name.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupIdOf, type JobHead } from '../../shared/core/job/job-record.ts';
import { isLive } from '../../shared/core/job/job-states.ts';
import { groupKey } from '../../shared/core/keys.ts';
import type { Store } from '../../shared/ports/store.ts';
import { findJobHead } from './find-job.ts';
import { taskCountOf } from './group-now.ts';

/** A task group of a job, before or after its plan. */
export interface FoundGroup {
  readonly job: JobHead;
  readonly group: GroupRecord | undefined;
  readonly taskCount: number;
  /** Whether a task that has not begun never will. */
  readonly isOver: boolean;
}

/** The group of that name; NOT_FOUND with the name of the job or of the group, whichever is missing. */
export async function findGroup(store: Store, name: TaskGroupName): Promise<FoundGroup> {
  const { body: job } = await findJobHead(store, name);
  const order = (job.spec.taskGroups ?? []).findIndex((_, at) => groupIdOf(at) === name.groupId);
  if (order < 0) throw notFound(formatTaskGroupName(name));
  const group = (await store.get<GroupRecord>(groupKey(job.uid, name.groupId)))?.body;
  const isOver =
    group === undefined ? !isLive(job.state) : group.stop !== undefined || group.endedAt !== undefined;
  return { job, group, taskCount: taskCountOf(job, order, group), isOver };
}
