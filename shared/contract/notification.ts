import { enumOf } from './proto/enum.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { text } from './proto/scalar.ts';
import { jobStates, taskStates } from './states.ts';

export const notificationTypes = {
  TYPE_UNSPECIFIED: 0,
  JOB_STATE_CHANGED: 1,
  TASK_STATE_CHANGED: 2,
} as const;
export type NotificationType = keyof typeof notificationTypes;

/** Which changes are told. A message without attributes sends nothing. */
export const notificationMessageSchema = message('Message', {
  type: enumOf('JobNotification.Type', notificationTypes),
  newJobState: enumOf('JobStatus.State', jobStates),
  newTaskState: enumOf('TaskStatus.State', taskStates),
});
export type NotificationMessage = Infer<typeof notificationMessageSchema>;

export const jobNotificationSchema = message('JobNotification', {
  /** `projects/{project}/topics/{topic}`. */
  pubsubTopic: text(),
  message: notificationMessageSchema,
});
export type JobNotification = Infer<typeof jobNotificationSchema>;
