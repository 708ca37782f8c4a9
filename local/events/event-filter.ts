import { type EventName, type SubjectKind, subjectKinds } from '../../shared/contract/event-names.ts';
import type { JobFacts } from '../../shared/core/events/job-facts.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';

/** Which events a listener is told of. What is not given is not asked for. */
export interface EventFilter {
  readonly project?: string;
  readonly location?: string;
  readonly jobUid?: string;
  readonly names?: readonly EventName[];
  /** All but those of single tasks, unless they are named here or in `names`. */
  readonly kinds?: readonly SubjectKind[];
  /** What jobs tell a topic of their own, in place of the events of the deployment. */
  readonly topic?: string;
}

const ALL_BUT_TASKS = subjectKinds.filter((kind) => kind !== 'task');

/** Whether a message is one of those. */
export function isAskedFor(filter: EventFilter, event: OutgoingEvent): boolean {
  const { project, location, jobUid, topic } = filter;
  const place = placeOf(event);
  if (project !== undefined && project !== place.project) return false;
  if (location !== undefined && location !== place.location) return false;
  if (jobUid !== undefined && jobUid !== place.jobUid) return false;
  if (topic !== undefined) return event.topic !== undefined && topicFile(event.topic) === topic;
  return event.topic === undefined && isOfKind(filter, event);
}

function isOfKind({ names, kinds }: EventFilter, { attributes }: OutgoingEvent): boolean {
  if (names !== undefined && !names.includes(attributes.EventName as EventName)) return false;
  if (kinds === undefined && names !== undefined) return true;
  return (kinds ?? ALL_BUT_TASKS).includes(attributes.Kind as SubjectKind);
}

/** Whose an event or a notification is. */
function placeOf({ attributes, message }: OutgoingEvent) {
  if (typeof message !== 'string')
    return { project: attributes.Project, location: message.Events[0].Region, jobUid: attributes.JobUid };
  const [, project] = (attributes.JobName ?? '').split('/');
  return { project, location: attributes.Region, jobUid: attributes.JobUID };
}

/** Whether a filter asks for single tasks of a job, so that their events have to be made. */
export function asksForTasks(filter: EventFilter, job: JobFacts): boolean {
  if (filter.topic !== undefined) return false;
  if (filter.project !== undefined && filter.project !== job.project) return false;
  if (filter.location !== undefined && filter.location !== job.location) return false;
  if (filter.jobUid !== undefined && filter.jobUid !== job.uid) return false;
  if (filter.kinds !== undefined) return filter.kinds.includes('task');
  return filter.names?.some((name) => name.startsWith('TASK_INSTANCE_')) ?? false;
}

/** The name of the file that stands for a topic on one machine: the topic's own, whatever its project or account. */
export function topicFile(topic: string): string {
  return topic.split(/[/:]/).at(-1) ?? topic;
}
