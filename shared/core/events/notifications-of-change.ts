import { type EventMessage, type EventVar, eventTable } from '../../contract/event.ts';
import { substituteVariables } from '../../contract/event-variables.ts';
import { type EventConfig, type JobNotification, topicTextOf } from '../../contract/notification.ts';
import { formatJobName, formatTaskName } from '../../contract/resource-name.ts';
import { formatTimestamp } from '../../contract/time.ts';
import { type BatchEvent, batchEvent, eventNamesOfStep, subjectOf } from './events-of-change.ts';
import type { JobFacts } from './job-facts.ts';
import type { RecordChange } from './record-change.ts';
import type { JobStep, StateStep, TaskStep } from './state-step.ts';
import { type FeedContext, stepsOfChange } from './steps-of-change.ts';

/** A message to a topic that a job names in its `notifications`. */
export interface Notification {
  readonly id: string;
  readonly subject: string;
  /** As the job names it: `projects/{project}/topics/{topic}`, a plain name, or an ARN. */
  readonly topic: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text of a change of state (Google Batch), or an event (Tencent Batch). */
  readonly message: string | EventMessage;
}

/** What one change of a record has to tell those topics. */
export function notificationsOf(change: RecordChange, context: FeedContext): Notification[] {
  return stepsOfChange(change, context).flatMap((step) => notificationsOfStep(step, context));
}

/** What a step has to tell them. Two wishes of one job may name the same topic and state: each gets its message. */
export function notificationsOfStep(step: StateStep, context: FeedContext): Notification[] {
  const job = context.job(step.jobUid);
  if (job === undefined) return [];
  return job.notifications.flatMap((wish, order) => [
    ...stateMessages(step, job, wish, order),
    ...eventMessages(step, job, wish, order),
  ]);
}

/** Whether a job wants to hear of its single tasks. */
export function wantsTaskNotifications(job: JobFacts): boolean {
  return job.notifications.some(
    ({ message, eventConfigs = [] }) =>
      message?.type === 'TASK_STATE_CHANGED' ||
      eventConfigs.some(({ eventName }) => eventName !== undefined && eventTable[eventName].of === 'task'),
  );
}

/** A change of state in the form of Google Batch (its page on Pub/Sub notifications). */
function stateMessages(step: StateStep, job: JobFacts, wish: JobNotification, order: number): Notification[] {
  const topic = topicTextOf(wish);
  if (topic === undefined || (step.kind !== 'job' && step.kind !== 'task') || !isMeant(wish, step)) return [];
  const mark = step.kind === 'task' ? `#${step.mark}` : '';
  const subject = subjectOf(step);
  return [{ id: `${subject}${mark}#${step.to}@${order}`, subject, topic, ...told(step, job) }];
}

/** Events in the form of Tencent Batch, with the parameters that the job gives them. */
function eventMessages(step: StateStep, job: JobFacts, wish: JobNotification, order: number): Notification[] {
  const topic = topicTextOf(wish);
  const { eventConfigs = [] } = wish;
  if (topic === undefined || eventConfigs.length === 0) return [];
  return eventNamesOfStep(step).flatMap((name) => {
    const config = eventConfigs.find(({ eventName }) => eventName === name);
    if (config === undefined) return [];
    const event = batchEvent(step, name, job);
    const [body] = event.message.Events;
    const message = { Events: [{ ...body, EventVars: varsOf(config, event, job) }] } as const;
    return [{ ...event, id: `${event.id}@${order}`, topic, message }];
  });
}

function varsOf({ eventVars = [] }: EventConfig, { message }: BatchEvent, job: JobFacts): EventVar[] {
  const [{ Batch, ...rest }] = message.Events;
  const source = { fields: { ...rest, Project: job.project, ...Batch }, labels: job.labels };
  return eventVars.map(({ name = '', value = '' }) => ({
    Name: name,
    Value: substituteVariables(value, source),
  }));
}

/** Without a state, all states are meant; without a type, nothing is. */
function isMeant({ message = {} }: JobNotification, { kind, to }: JobStep | TaskStep): boolean {
  const { type } = message;
  if (type !== (kind === 'job' ? 'JOB_STATE_CHANGED' : 'TASK_STATE_CHANGED')) return false;
  const state = kind === 'job' ? message.newJobState : message.newTaskState;
  return state === undefined || state === 'STATE_UNSPECIFIED' || state === to;
}

/**
 * Attributes and text of a job's message are as consumers of real ones read them (JobName, JobUID, NewJobState, Region, Type);
 * those of a task's are by analogy, for none is published.
 */
function told(step: JobStep | TaskStep, job: JobFacts) {
  const JobName = formatJobName(job);
  const place = { JobName, JobUID: job.uid, Region: job.location };
  const moved = `previousState=${step.from ?? 'STATE_UNSPECIFIED'}, currentState=${step.to}, timestamp=${formatTimestamp(step.at)}`;
  if (step.kind === 'job') {
    return {
      attributes: { Type: 'JOB_STATE_CHANGED', ...place, NewJobState: step.to },
      message: `Job state was updated: jobName=${JobName}, jobUID=${job.uid}, ${moved}`,
    };
  }
  const TaskName = formatTaskName({ ...job, groupId: step.groupId, index: step.index });
  const TaskUID = `${job.uid}-${step.groupId}-${step.index}`;
  return {
    attributes: { Type: 'TASK_STATE_CHANGED', ...place, TaskName, TaskUID, NewTaskState: step.to },
    message: `Task state was updated: taskName=${TaskName}, taskUID=${TaskUID}, ${moved}`,
  };
}
