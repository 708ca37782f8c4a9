import {
  EVENT_VERSION,
  type EventMessage,
  type EventName,
  eventTable,
  type SubjectKind,
} from '../../contract/event.ts';
import { eventBody, eventTime } from './event-body.ts';
import type { JobFacts } from './job-facts.ts';
import type { RecordChange } from './record-change.ts';
import type { StateStep } from './state-step.ts';
import { type FeedContext, stepsOfChange } from './steps-of-change.ts';

/** An event with what its transport needs to know of it. */
export interface BatchEvent {
  /** The same whenever the same change is read: who has seen it once may pass over it. */
  readonly id: string;
  /** Events of one subject are told in their order. */
  readonly subject: string;
  /** For filters: EventName, Kind, State in this API's words, JobUid, JobId, Project, and Labels as a list of `key=value`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly message: EventMessage;
}

export interface EventContext extends FeedContext {
  /**
   * Whether events of a job's single tasks go to the deployment's own receivers. By default they do wherever they are
   * told at all (`wantsTasks`), which can also be for a topic of the job's.
   */
  publishesTasks?(job: JobFacts): boolean;
}

/** The events of one change of a record, oldest first. They exist because the record says so, and say no more than it. */
export function eventsOf(change: RecordChange, context: EventContext): BatchEvent[] {
  return stepsOfChange(change, context).flatMap((step) => eventsOfStep(step, context));
}

/** The events that a step is told with: none, one, or two where one word here is two there. */
export function eventsOfStep(step: StateStep, context: EventContext): BatchEvent[] {
  const names = eventNamesOfStep(step);
  const job = names.length === 0 ? undefined : context.job(step.jobUid);
  if (job === undefined) return [];
  if (step.kind === 'task' && context.publishesTasks?.(job) === false) return [];
  return names.map((name) => batchEvent(step, name, job));
}

/** One event of a step, without parameters of a subscriber's. */
export function batchEvent(step: StateStep, name: EventName, job: JobFacts): BatchEvent {
  const { of: Kind, state } = eventTable[name];
  const subject = subjectOf(step);
  const attempt = step.kind === 'task' && step.mark !== '' ? `#${step.mark}` : '';
  return {
    id: `${subject}${attempt}#${name}`,
    subject,
    attributes: { EventName: name, Kind, State: step.to, ...job.attributes },
    message: {
      Events: [
        {
          EventVersion: EVENT_VERSION,
          EventTime: eventTime(step.at),
          Region: job.location,
          Batch: eventBody(step, state, job),
          EventName: name,
          EventVars: [],
        },
      ],
    },
  };
}

/** Who a step is about: the job's uid, and the way down from there. */
export function subjectOf(step: StateStep): string {
  switch (step.kind) {
    case 'job':
      return step.jobUid;
    case 'group':
      return `${step.jobUid}/${step.groupId}`;
    case 'environment':
      return `${step.jobUid}/${step.groupId}/environment`;
    case 'node':
      return `${step.jobUid}/${step.groupId}/nodes/${step.seat}.${step.epoch}`;
    case 'task':
      return `${step.jobUid}/${step.groupId}/tasks/${step.index}`;
  }
}

/** By kind of subject and the state that a step leads to. States that Tencent Batch has no event for are not named. */
const namesByState: { readonly [Kind in Exclude<SubjectKind, 'node'>]: Readonly<Record<string, EventName>> } =
  {
    job: { RUNNING: 'JOB_RUNNING', SUCCEEDED: 'JOB_SUCCEED', FAILED: 'JOB_FAILED', CANCELLED: 'JOB_FAILED' },
    group: { RUNNING: 'TASK_RUNNING', SUCCEEDED: 'TASK_SUCCEED', FAILED: 'TASK_FAILED' },
    task: {
      RUNNING: 'TASK_INSTANCE_RUNNING',
      SUCCEEDED: 'TASK_INSTANCE_SUCCEED',
      FAILED: 'TASK_INSTANCE_FAILED',
    },
    environment: { CREATED: 'COMPUTE_ENV_CREATED', DELETED: 'COMPUTE_ENV_DELETED' },
  };

/** The names of the events that a step is told with. */
export function eventNamesOfStep(step: StateStep): readonly EventName[] {
  if (step.kind !== 'node') {
    const name = namesByState[step.kind][step.to];
    return name === undefined ? [] : [name];
  }
  switch (step.to) {
    case 'RUNNING':
      // That the node was made and that it runs is known by the same report.
      return ['COMPUTE_NODE_CREATED', 'COMPUTE_NODE_RUNNING'];
    case 'LOST':
      return [step.from === 'STARTING' ? 'COMPUTE_NODE_CREATION_FAILED' : 'COMPUTE_NODE_ABNORMAL'];
    case 'DRAINING':
    case 'STOPPED':
      return ['COMPUTE_NODE_DELETING'];
    default:
      return [];
  }
}
