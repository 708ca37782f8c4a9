import { unknownVariables, variableNames } from '../event-variables.ts';
import { limits } from '../limits.ts';
import type { EventConfig, JobNotification } from '../notification.ts';
import type { Problems } from '../proto/problems.ts';
import { parsePubsubTopic, parseTopicName, TOPIC_FORMS } from '../topic-name.ts';

/** Checks a notification that stands here: its topic, that its message is about jobs or about tasks (JobNotification in the API), and its events. */
export function checkNotification(problems: Problems, notification: JobNotification): void {
  checkTopic(problems, notification);
  checkMessage(problems, notification);
  const seen = new Set<string>();
  problems.each('eventConfigs', notification.eventConfigs, (config) => {
    const { eventName } = config;
    if (eventName === undefined) return problems.add('must have an eventName; given none');
    // Tencent Batch: InvalidParameter.NotificationEventNameDuplicate.
    if (seen.has(eventName))
      problems.at('eventName', () =>
        problems.add(`must be named once a notification; given ${eventName} again`),
      );
    seen.add(eventName);
    checkVars(problems, config, eventName);
  });
}

function checkTopic(problems: Problems, notification: JobNotification): void {
  const { pubsubTopic, topicName, eventConfigs = [] } = notification;
  if (pubsubTopic && topicName) problems.add('must have one of pubsubTopic and topicName; given both');
  if (pubsubTopic && parsePubsubTopic(pubsubTopic) === undefined)
    problems.at('pubsubTopic', () => problems.refuse(pubsubTopic, TOPIC_FORMS.pubsubTopic));
  if (topicName && parseTopicName(topicName) === undefined)
    problems.at('topicName', () => problems.refuse(topicName, TOPIC_FORMS.topicName));
  if (!pubsubTopic && !topicName && eventConfigs.length > 0)
    problems.add('must have a topicName or a pubsubTopic for its eventConfigs; given neither');
}

function checkMessage(problems: Problems, { message }: JobNotification): void {
  const { type, newJobState, newTaskState } = message ?? {};
  const about = {
    job: [
      type === 'JOB_STATE_CHANGED' && 'type JOB_STATE_CHANGED',
      newJobState !== undefined && newJobState !== 'STATE_UNSPECIFIED' && `newJobState ${newJobState}`,
    ].filter((given) => given !== false),
    task: [
      type === 'TASK_STATE_CHANGED' && 'type TASK_STATE_CHANGED',
      newTaskState !== undefined && newTaskState !== 'STATE_UNSPECIFIED' && `newTaskState ${newTaskState}`,
    ].filter((given) => given !== false),
  };
  if (about.job.length === 0 || about.task.length === 0) return;
  problems.at('message', () => {
    const given = [...about.job, ...about.task].join(' and ');
    problems.add(`must be about the job or about its tasks, not both; given ${given}`);
  });
}

function checkVars(
  problems: Problems,
  { eventVars = [] }: EventConfig,
  eventName: NonNullable<EventConfig['eventName']>,
): void {
  const { eventVars: most, eventVarName, eventVarValue } = limits;
  if (eventVars.length > most)
    problems.at('eventVars', () => problems.add(`must be at most ${most}; given ${eventVars.length}`));
  problems.each('eventVars', eventVars, ({ name = '', value = '' }) => {
    if (name === '' || name.length > eventVarName)
      problems.at('name', () => problems.refuse(name, `1 to ${eventVarName} characters`));
    problems.at('value', () => {
      if (value.length > eventVarValue)
        problems.add(`must be at most ${eventVarValue} characters; given ${value.length}`);
      for (const variable of unknownVariables(value, eventName)) {
        const allowed = `${variableNames(eventName).join(', ')} or Labels.KEY`;
        problems.add(`must name what ${eventName} has: ${allowed}; given \${${variable}}`);
      }
    });
  });
}
