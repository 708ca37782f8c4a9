import type { JobNotification } from '../notification.ts';
import type { Problems } from '../proto/problems.ts';

const TOPIC = /^projects\/[^/]+\/topics\/[^/]+$/;

/** Checks a notification that stands here: the topic's name, and that it is about jobs or about tasks (JobNotification in the API). */
export function checkNotification(problems: Problems, { pubsubTopic, message }: JobNotification): void {
  if (pubsubTopic && !TOPIC.test(pubsubTopic)) {
    problems.at('pubsubTopic', () =>
      problems.refuse(pubsubTopic, 'of the form projects/{project}/topics/{topic}'),
    );
  }
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
