import type { JobNotification } from '../../contract/notification.ts';
import { formatJobName, formatTaskName } from '../../contract/resource-name.ts';
import { formatTimestamp } from '../../contract/time.ts';
import { subjectOf } from './events-of-change.ts';
import type { JobFacts } from './job-facts.ts';
import type { RecordChange } from './record-change.ts';
import type { JobStep, StateStep, TaskStep } from './state-step.ts';
import { type FeedContext, stepsOfChange } from './steps-of-change.ts';

/** A message to a topic that a job names in its `notifications` (Google Batch, page on Pub/Sub notifications). */
export interface Notification {
  readonly id: string;
  readonly subject: string;
  /** `projects/{project}/topics/{topic}`. */
  readonly topic: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly message: string;
}

/** What one change of a record has to tell those topics. */
export function notificationsOf(change: RecordChange, context: FeedContext): Notification[] {
  return stepsOfChange(change, context).flatMap((step) => notificationsOfStep(step, context));
}

export function notificationsOfStep(step: StateStep, context: FeedContext): Notification[] {
  if (step.kind !== 'job' && step.kind !== 'task') return [];
  const job = context.job(step.jobUid);
  if (job === undefined) return [];
  return job.notifications.flatMap((wish, order) => {
    if (!wish.pubsubTopic || !isMeant(wish, step)) return [];
    const mark = step.kind === 'task' ? `#${step.mark}` : '';
    const subject = subjectOf(step);
    // Two wishes of one job may name the same topic and state: each gets its message.
    const id = `${subject}${mark}#${step.to}@${order}`;
    return [{ id, subject, topic: wish.pubsubTopic, ...told(step, job) }];
  });
}

/** Whether a job wants to hear of its tasks. */
export function wantsTaskNotifications(job: JobFacts): boolean {
  return job.notifications.some(({ message }) => message?.type === 'TASK_STATE_CHANGED');
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
function told(step: JobStep | TaskStep, job: JobFacts): Pick<Notification, 'attributes' | 'message'> {
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
