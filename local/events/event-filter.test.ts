import { expect, it } from 'vitest';
import type { JobNotification } from '../../shared/contract/notification.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { outgoingOf } from '../../shared/testing/events/read-history.ts';
import { goodHistory } from '../../shared/testing/events/told-jobs.ts';
import { type EventFilter, isAskedFor, topicFile } from './event-filter.ts';

const notifications: JobNotification[] = [
  { pubsubTopic: 'projects/p/topics/done', message: { type: 'JOB_STATE_CHANGED', newJobState: 'SUCCEEDED' } },
  { topicName: 'done', eventConfigs: [{ eventName: 'JOB_RUNNING' }] },
];
const history = goodHistory();
const events: OutgoingEvent[] = outgoingOf(history, notifications);
const JOB = history.job.uid;

it.each<[string, EventFilter, number]>([
  ['everything but single tasks', {}, 9],
  ['another job', { jobUid: 'other' }, 0],
  ['the job', { jobUid: JOB }, 9],
  ['the project', { project: 'my-project' }, 9],
  ['another project', { project: 'p' }, 0],
  ['the location', { project: 'my-project', location: 'us-central1' }, 9],
  ['another location', { project: 'my-project', location: 'europe-west1' }, 0],
  ['two names', { names: ['JOB_SUCCEED', 'JOB_FAILED'] }, 1],
  ['nodes', { kinds: ['node'] }, 3],
  ['single tasks', { kinds: ['task'] }, 4],
  ['the end of single tasks', { names: ['TASK_INSTANCE_SUCCEED'] }, 2],
  ["a topic of the job's", { topic: 'done' }, 2],
  [
    'that topic of the job',
    { topic: 'done', jobUid: JOB, project: 'my-project', location: 'us-central1' },
    2,
  ],
  ['that topic of another project', { topic: 'done', project: 'p' }, 0],
  ['another topic', { topic: 'failed' }, 0],
])('%s: %j has %i events', (_, filter, count) => {
  expect(events.filter((event) => isAskedFor(filter, event))).toHaveLength(count);
});

it.each([
  ['projects/p/topics/done', 'done'],
  ['arn:aws:sns:eu-west-1:123456789012:done.fifo', 'done.fifo'],
  ['done', 'done'],
])('the topic %s is the file %s', (topic, file) => {
  expect(topicFile(topic)).toBe(file);
});
