// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of parameters are written so.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventMessageSchema } from '../../contract/event.ts';
import type { JobNotification } from '../../contract/notification.ts';
import { contextOf } from '../../testing/events/read-history.ts';
import type { SampleHistory } from '../../testing/events/sample-history.ts';
import { badHistory, goodHistory } from '../../testing/events/told-jobs.ts';
import { toldNotifications } from '../../testing/events/told-notifications.ts';
import { eventsOf } from './events-of-change.ts';
import { tellingOrder } from './feed-order.ts';
import { jobFacts } from './job-facts.ts';
import { notificationsOf, wantsTaskNotifications } from './notifications-of-change.ts';

const pubsubTopic = 'projects/my-project/topics/batch';

function told(history: SampleHistory, ...notifications: JobNotification[]) {
  const context = contextOf(history, { ...jobFacts(history.job), notifications });
  return tellingOrder(history.changes).flatMap((change) => notificationsOf(change, context));
}

describe('samples', () => {
  const samples = JSON.parse(
    readFileSync(new URL('../../contract/notification-samples.golden.json', import.meta.url), 'utf8'),
  ) as Record<string, unknown>;

  it('are what a job with the notifications of the documentation tells', () => {
    expect(toldNotifications()).toEqual(Object.values(samples));
  });
});

describe('a job', () => {
  it('tells all its states to a topic that names none', () => {
    const states = told(goodHistory(), { pubsubTopic, message: { type: 'JOB_STATE_CHANGED' } });
    expect(states.map(({ attributes }) => attributes.NewJobState)).toEqual([
      'QUEUED',
      'SCHEDULED',
      'RUNNING',
      'SUCCEEDED',
    ]);
  });

  it('tells one state to a topic that names it, in the words that consumers read', () => {
    const message = { type: 'JOB_STATE_CHANGED', newJobState: 'SUCCEEDED' } as const;
    const JobName = 'projects/my-project/locations/us-central1/jobs/resize';
    expect(told(goodHistory(), { pubsubTopic, message })).toEqual([
      {
        id: 'resize-1f6e02c4-9a3d-40b57#SUCCEEDED@0',
        subject: 'resize-1f6e02c4-9a3d-40b57',
        topic: pubsubTopic,
        attributes: {
          Type: 'JOB_STATE_CHANGED',
          JobName,
          JobUID: 'resize-1f6e02c4-9a3d-40b57',
          Region: 'us-central1',
          NewJobState: 'SUCCEEDED',
        },
        message: `Job state was updated: jobName=${JobName}, jobUID=resize-1f6e02c4-9a3d-40b57, previousState=RUNNING, currentState=SUCCEEDED, timestamp=2026-09-18T16:11:49.000000000Z`,
      },
    ]);
  });

  it('gives each wish its own message', () => {
    const wish = { pubsubTopic, message: { type: 'JOB_STATE_CHANGED', newJobState: 'RUNNING' } } as const;
    expect(told(goodHistory(), wish, wish).map(({ id }) => id)).toEqual([
      'resize-1f6e02c4-9a3d-40b57#RUNNING@0',
      'resize-1f6e02c4-9a3d-40b57#RUNNING@1',
    ]);
  });

  it.each<[string, JobNotification]>([
    ['no message', { pubsubTopic }],
    ['a message without a type', { pubsubTopic, message: { newJobState: 'RUNNING' } }],
    ['no topic', { message: { type: 'JOB_STATE_CHANGED' } }],
  ])('sends nothing with %s', (_, wish) => {
    expect(told(goodHistory(), wish)).toEqual([]);
  });
});

describe('events that a job asks for', () => {
  const asks = (...eventConfigs: NonNullable<JobNotification['eventConfigs']>): JobNotification => ({
    topicName: 'finished',
    eventConfigs,
  });

  it('are the same messages as the event itself, under an id of their own', () => {
    const [event] = tellingOrder(goodHistory().changes)
      .flatMap((change) => eventsOf(change, contextOf(goodHistory())))
      .filter(({ attributes }) => attributes.EventName === 'JOB_SUCCEED');
    expect(told(goodHistory(), asks({ eventName: 'JOB_SUCCEED' }))).toEqual([
      { ...event, id: 'resize-1f6e02c4-9a3d-40b57#JOB_SUCCEED@0', topic: 'finished' },
    ]);
  });

  it('have their parameters, with what the event and the job have', () => {
    const [failed] = told(
      badHistory(),
      asks({
        eventName: 'TASK_INSTANCE_FAILED',
        eventVars: [
          { name: 'what', value: '${JobName}/${TaskInstanceIndex} of ${Labels.team}: ${ExitCode}' },
          { name: 'price', value: '$$5 in ${Project} ${Labels.none}${EventName}' },
        ],
      }),
    );
    expect(failed?.message).toMatchObject({
      Events: [
        {
          EventVars: [
            { Name: 'what', Value: 'render/0 of search: 3' },
            { Name: 'price', Value: '$5 in my-project TASK_INSTANCE_FAILED' },
          ],
        },
      ],
    });
    expect(eventMessageSchema.parse(failed?.message)).toEqual(failed?.message);
  });

  it('lack a value where the event lacks an optional field', () => {
    const eventVars = [{ name: 'code', value: 'code=${ExitCode}' }];
    const [well] = told(goodHistory(), asks({ eventName: 'TASK_INSTANCE_SUCCEED', eventVars }));
    expect(well?.message).toMatchObject({ Events: [{ EventVars: [{ Name: 'code', Value: 'code=' }] }] });
  });

  it('are of nodes and groups, too', () => {
    const wish = asks({ eventName: 'COMPUTE_NODE_ABNORMAL' }, { eventName: 'TASK_FAILED' });
    expect(told(badHistory(), wish).map(({ attributes }) => attributes.EventName)).toEqual([
      'COMPUTE_NODE_ABNORMAL',
      'TASK_FAILED',
    ]);
  });

  it.each<[boolean, JobNotification]>([
    [true, asks({ eventName: 'TASK_INSTANCE_FAILED' })],
    [true, { pubsubTopic, message: { type: 'TASK_STATE_CHANGED' } }],
    [false, asks({ eventName: 'TASK_FAILED' })],
  ])('want single tasks to be told: %s', (wants, wish) => {
    const facts = { ...jobFacts(goodHistory().job), notifications: [wish] };
    expect(wantsTaskNotifications(facts)).toBe(wants);
  });
});

describe('tasks', () => {
  it('tell each move, over attempts and nodes, in the order of their table', () => {
    const all = told(badHistory(), { pubsubTopic, message: { type: 'TASK_STATE_CHANGED' } });
    const states = (index: number) =>
      all
        .filter(({ subject }) => subject.endsWith(`/tasks/${index}`))
        .map(({ attributes }) => attributes.NewTaskState);
    expect(states(0)).toEqual(['ASSIGNED', 'RUNNING', 'PENDING', 'ASSIGNED', 'RUNNING', 'FAILED']);
    expect(states(1)).toEqual(['ASSIGNED', 'RUNNING', 'PENDING', 'ASSIGNED', 'RUNNING', 'SUCCEEDED']);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('name themselves', () => {
    const [failed] = told(badHistory(), {
      pubsubTopic,
      message: { type: 'TASK_STATE_CHANGED', newTaskState: 'FAILED' },
    });
    expect(failed?.attributes).toEqual({
      Type: 'TASK_STATE_CHANGED',
      JobName: 'projects/my-project/locations/us-central1/jobs/render',
      JobUID: 'render-1f6e02c4-9a3d-40b57',
      Region: 'us-central1',
      TaskName: 'projects/my-project/locations/us-central1/jobs/render/taskGroups/group0/tasks/0',
      TaskUID: 'render-1f6e02c4-9a3d-40b57-group0-0',
      NewTaskState: 'FAILED',
    });
  });
});
