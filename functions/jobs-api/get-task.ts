import { notFound } from '../../shared/contract/error.ts';
import { formatTaskName, parseTaskName } from '../../shared/contract/resource-name.ts';
import type { Task } from '../../shared/contract/task.ts';
import { taskKey } from '../../shared/core/keys.ts';
import type { TaskRecord } from '../../shared/core/task/task-record.ts';
import { endStates } from '../../shared/core/task/task-states.ts';
import { loadSeats } from '../load-job.ts';
import type { ReadPorts } from './api-ports.ts';
import { findGroup } from './find-group.ts';
import { activeTasks, taskView } from './task-view.ts';

/** tasks.get: the task as it is now; seats are read only for one that has not ended. */
export async function getTask({ store }: Pick<ReadPorts, 'store'>, request: { name: string }): Promise<Task> {
  const name = parseTaskName(request.name);
  const { job, group, taskCount, isOver } = await findGroup(store, name);
  if (name.index >= taskCount) throw notFound(formatTaskName(name));
  const readRecord = async () =>
    (await store.get<TaskRecord>(taskKey(job.uid, name.groupId, name.index)))?.body;
  const early = group === undefined ? undefined : await readRecord();
  if (group === undefined || (early !== undefined && endStates.has(early.state))) {
    return taskView(name, { record: early, active: undefined, isOver });
  }
  const seats = (await loadSeats(store, group)).map(({ body }) => body);
  // Read again after the seats: a task that has left its seat by then has its record.
  return taskView(name, {
    record: await readRecord(),
    active: activeTasks(seats).get(name.index),
    isOver,
  });
}
