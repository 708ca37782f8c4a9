import type { JobNotification } from '../../contract/notification.ts';
import type { OutgoingEvent } from '../../ports/event-sink.ts';
import { outgoingOf } from './read-history.ts';
import { badHistory } from './told-jobs.ts';

/** The notifications of the job in the documentation: two in Google Batch's form, one in Tencent Batch's. */
export const sampleNotifications: readonly JobNotification[] = [
  {
    pubsubTopic: 'projects/my-project/topics/jobs',
    message: { type: 'JOB_STATE_CHANGED', newJobState: 'FAILED' },
  },
  {
    pubsubTopic: 'projects/my-project/topics/tasks',
    message: { type: 'TASK_STATE_CHANGED', newTaskState: 'FAILED' },
  },
  {
    topicName: 'failures',
    eventConfigs: [
      {
        eventName: 'JOB_FAILED',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of parameters are written so.
        eventVars: [{ name: 'text', value: '${JobName} of team ${Labels.team} failed: ${StateReason}' }],
      },
    ],
  },
];

/** What a job that fails tells with them, by the order of the notifications. */
export function toldNotifications(): OutgoingEvent[] {
  const told = outgoingOf(badHistory(), sampleNotifications);
  return sampleNotifications.map((_, order) => {
    const message = told.find(({ id }) => id.endsWith(`@${order}`));
    if (message === undefined) throw new Error(`notification ${order} tells nothing`);
    return message;
  });
}
