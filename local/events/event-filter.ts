import type { EventName, SubjectKind } from '../../shared/contract/event.ts';
import type { JobFacts } from '../../shared/core/events/job-facts.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';

/** Which events a listener is told of. What is not given is not asked for. */
export interface EventFilter {
  readonly jobUid?: string;
  readonly jobId?: string;
  readonly names?: readonly EventName[];
  /** All but those of single tasks, unless they are named here or in `names`. */
  readonly kinds?: readonly SubjectKind[];
}

const ALL_BUT_TASKS: readonly SubjectKind[] = ['job', 'group', 'environment', 'node'];

/** Whether a message is one of those. Notifications to topics are not. */
export function isAskedFor(filter: EventFilter, { attributes }: OutgoingEvent): boolean {
  const { EventName, Kind, JobUid, JobId } = attributes;
  if (EventName === undefined) return false;
  if (filter.jobUid !== undefined && filter.jobUid !== JobUid) return false;
  if (filter.jobId !== undefined && filter.jobId !== JobId) return false;
  if (filter.names !== undefined && !filter.names.includes(EventName as EventName)) return false;
  if (filter.kinds === undefined && filter.names !== undefined) return true;
  return (filter.kinds ?? ALL_BUT_TASKS).includes(Kind as SubjectKind);
}

/** Whether a filter asks for single tasks of a job, so that their events have to be made. */
export function asksForTasks(filter: EventFilter, job: JobFacts): boolean {
  if (filter.jobUid !== undefined && filter.jobUid !== job.uid) return false;
  if (filter.jobId !== undefined && filter.jobId !== job.jobId) return false;
  if (filter.kinds !== undefined) return filter.kinds.includes('task');
  return filter.names?.some((name) => name.startsWith('TASK_INSTANCE_')) ?? false;
}
