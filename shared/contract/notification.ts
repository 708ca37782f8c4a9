import { type EventName, eventNames, isPublished } from './event-names.ts';
import { list } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { text } from './proto/scalar.ts';
import { jobStates, taskStates } from './states.ts';
import { parsePubsubTopic, parseTopicName, type TopicName } from './topic-name.ts';

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

/** The events that are ever published; the numbers are ours, for clients that write enums as numbers. */
const published = eventNames.filter(isPublished);
const eventNumbers = Object.fromEntries(published.map((name, at) => [name, at + 1])) as Record<
  EventName,
  number
>;
/** `JobFailed`: how Tencent Batch's user guide spells `JOB_FAILED` in its sample. */
const userGuideNames = Object.fromEntries(
  published.map((name) => [
    name.toLowerCase().replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    name,
  ]),
);

/** A parameter of the subscriber's own; its value may hold `${…}` (`event-variables.ts`). */
export const notificationVarSchema = message('EventVar', { name: text(), value: text() });

/** Ours, after Tencent Batch's EventConfig: an event that is told to the topic, with parameters of the subscriber's. */
export const eventConfigSchema = message('EventConfig', {
  eventName: enumOf('EventName', eventNumbers, userGuideNames),
  eventVars: list(notificationVarSchema),
});
export type EventConfig = Infer<typeof eventConfigSchema>;

export const jobNotificationSchema = message('JobNotification', {
  /** `projects/{project}/topics/{topic}`, or the ARN of an SNS topic. */
  pubsubTopic: text(),
  message: notificationMessageSchema,
  /** Ours, after Tencent Batch's Notification: the name of a topic in the account, or its ARN. */
  topicName: text(),
  eventConfigs: list(eventConfigSchema),
});
export type JobNotification = Infer<typeof jobNotificationSchema>;

/** The topic that a notification names, in either way; undefined when it names none. */
export function topicOf({ pubsubTopic, topicName }: JobNotification): TopicName | undefined {
  if (pubsubTopic) return parsePubsubTopic(pubsubTopic);
  return topicName ? parseTopicName(topicName) : undefined;
}

/** The topic as the notification words it; undefined when it names none. */
export function topicTextOf({ pubsubTopic, topicName }: JobNotification): string | undefined {
  return pubsubTopic || topicName || undefined;
}
