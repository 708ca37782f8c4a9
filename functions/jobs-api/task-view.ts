import { formatTaskName, type TaskName } from '../../shared/contract/resource-name.ts';
import type { Task } from '../../shared/contract/task.ts';
import { attemptOf } from '../../shared/core/seat/end-attempt.ts';
import type { ActiveTask, NodeInfo, SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { taskEvents } from '../../shared/core/task/task-events.ts';
import { applyTaskChange, type TaskRecord } from '../../shared/core/task/task-record.ts';
import { endStates, type TaskStateName } from '../../shared/core/task/task-states.ts';
import { taskStatusEvent } from './status-event.ts';

/** All that is known of one task: its record, and its place on a node while it has one. */
export interface TaskNow {
  readonly record: TaskRecord | undefined;
  readonly active: { readonly task: ActiveTask; readonly node: NodeInfo | undefined } | undefined;
  /** Whether the task will never begin if it has not. */
  readonly isOver: boolean;
}

/** The tasks that are on nodes, by index. */
export function activeTasks(
  seats: readonly SeatRecord[],
): Map<number, { readonly task: ActiveTask; readonly node: NodeInfo | undefined }> {
  return new Map(seats.flatMap(({ active, node }) => active.map((task) => [task.index, { task, node }])));
}

/**
 * The state of a task. Its end, once on record, stands above what a seat says, for the seat may have been read earlier. A
 * task with a record and without a node waits: for its next attempt, or RUNNING at a barrier.
 */
export function taskState({ record, active, isOver }: TaskNow): TaskStateName {
  if (record !== undefined && endStates.has(record.state)) return record.state;
  if (active !== undefined) return active.task.startedAt === undefined ? 'ASSIGNED' : 'RUNNING';
  return record?.state ?? (isOver ? 'UNEXECUTED' : 'PENDING');
}

/** A task as clients see it. `name` is how the client writes it. */
export function taskView(name: TaskName, now: TaskNow): Task {
  const record = withActiveAttempt(now);
  return {
    name: formatTaskName(name),
    status: {
      state: taskState(now),
      statusEvents: record === undefined ? [] : taskEvents(record).map(taskStatusEvent),
    },
  };
}

/** The record as it would be if the seat wrote down the attempt that is under way. */
function withActiveAttempt({ record, active }: TaskNow): TaskRecord | undefined {
  if (active?.node === undefined || (record !== undefined && endStates.has(record.state))) return record;
  const { task, node } = active;
  const attempt = attemptOf(task, node);
  return applyTaskChange(record, { kind: 'events', index: task.index, recorded: task.recorded, attempt });
}
