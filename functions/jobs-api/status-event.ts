import type { StatusEvent } from '../../shared/contract/task.ts';
import { formatTimestamp } from '../../shared/contract/time.ts';
import type { JobEventLine } from '../../shared/core/job/job-record.ts';
import type { TaskEventLine } from '../../shared/core/task/task-events.ts';

/** A line of a job's history in the wire's form. */
export function jobStatusEvent({ type, description, at, exitCode }: JobEventLine): StatusEvent {
  return {
    type,
    description,
    eventTime: formatTimestamp(at),
    ...(exitCode === undefined ? {} : { taskExecution: { exitCode } }),
  };
}

/** A line of a task's history in the wire's form. A custom status event has neither a type nor a state. */
export function taskStatusEvent({ description, at, state, exitCode }: TaskEventLine): StatusEvent {
  return {
    ...(state === undefined ? {} : { type: 'STATUS_CHANGED' }),
    description,
    eventTime: formatTimestamp(at),
    ...(exitCode === undefined ? {} : { taskExecution: { exitCode } }),
    ...(state === undefined ? {} : { taskState: state }),
  };
}
