// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of parameters are written so.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { eventFiles } from '../../local/events/event-files.ts';
import { serviceForTest, temporaryFolder } from '../../local/testing/service-for-test.ts';
import { eventMessageSchema } from '../../shared/contract/event.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { BatchApi } from '../../shared/testing/acceptance/batch-api.ts';
import { firstTold } from '../../shared/testing/events/told-order.ts';
import { describeDeployed } from './describe-deployed.ts';
import { SubscribedQueue } from './subscribed-queue.ts';

describeDeployed('events on SNS', ({ api, clients, outputs }) => {
  const dataDir = temporaryFolder();
  const embedded = serviceForTest({ dataDir });
  const job = {
    labels: { team: 'search', 'sluice-events': 'all' },
    taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'true' } }] } }],
    notifications: [
      { pubsubTopic: 'projects/any/topics/told', message: { type: 'JOB_STATE_CHANGED' } },
      {
        topic_name: 'told',
        event_configs: [
          { event_name: 'JobSucceed', event_vars: [{ name: 'who', value: '${JobName} of ${Labels.team}' }] },
        ],
      },
    ],
  };

  it('are those of the embedded service for the same job, to the topics and to one that the job names', async () => {
    const { TopicArn: told = '' } = await clients.sns.send(new CreateTopicCommand({ Name: 'told' }));
    // Tests of other files have jobs too, at the same time.
    const [jobs, tasks, nodes] = (await Promise.all(
      [outputs.JobTopic, outputs.TaskTopic, outputs.NodeTopic].map((topic) =>
        SubscribedQueue.subscribe(clients, topic, { JobId: ['telling'] }),
      ),
    )) as [SubscribedQueue, SubscribedQueue, SubscribedQueue];
    const own = await SubscribedQueue.subscribe(clients, told);
    await api.createJob('telling', job);
    await api.waitForEnd('telling', 240);
    await jobs.until(isNamed('JOB_SUCCEED'));
    await tasks.until(isNamed('TASK_SUCCEED'));
    await tasks.until(isNamed('TASK_INSTANCE_SUCCEED'));
    await nodes.until(isNamed('COMPUTE_ENV_DELETED'));
    await own.until(({ attributes }) => attributes.NewJobState === 'SUCCEEDED');
    await own.until(isNamed('JOB_SUCCEED'));

    const local = new BatchApi(embedded.api().endpoint, api.parent);
    await local.createJob('telling', job);
    await local.waitForEnd('telling');
    await expect.poll(() => linesOf(join(dataDir, 'events')).some(isNamed('JOB_SUCCEED'))).toBe(true);
    const written = linesOf(join(dataDir, 'events'));
    const here = (names: RegExp) =>
      written.filter(
        ({ topic, attributes }) => topic === undefined && names.test(attributes.EventName ?? ''),
      );

    expect(plain(jobs.events)).toEqual(plain(here(/^JOB_/)));
    expect(plain(tasks.events)).toEqual(plain(here(/^TASK_/)));
    expect(plain(nodes.events)).toEqual(plain(here(/^COMPUTE_/)));
    expect(plain(own.events)).toEqual(plain(written.filter(({ topic }) => topic !== undefined)));
    for (const { message } of [...jobs.events, ...tasks.events, ...nodes.events])
      expect(eventMessageSchema.parse(message)).toEqual(message);
  }, 360_000);

  it('are refused to a topic that is not there, by the field that names it', async () => {
    const notifications = [
      { pubsubTopic: 'projects/any/topics/absent', message: { type: 'JOB_STATE_CHANGED' } },
    ];
    await expect(api.createJob('untold', { ...job, notifications })).rejects.toThrow(
      /notifications\[0\]\.pubsubTopic: must be a topic that exists .*"projects\/any\/topics\/absent": there is no arn:aws:sns:.*:absent/,
    );
  });
});

const isNamed =
  (name: string) =>
  ({ attributes, topic }: Pick<OutgoingEvent, 'attributes' | 'topic'>) =>
    topic === undefined && attributes.EventName === name;

function linesOf(folder: string): OutgoingEvent[] {
  return eventFiles(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as OutgoingEvent),
  );
}

/** By subject, what was told of it in its order, each message once; without times, and ids that no two runs have in common. */
function plain(events: readonly OutgoingEvent[]): Record<string, unknown[]> {
  const uid = events[0]?.attributes.JobUid ?? events[0]?.attributes.JobUID ?? '';
  const text = (value: unknown) =>
    JSON.stringify(value)
      .replaceAll(uid, 'UID')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME')
      .replaceAll(/"ComputeNode(?:Instance)?Id":"[^"]*"/g, '"NODE"');
  const topicless = events.map(({ topic: _, ...event }) => event);
  const byId = new Map(topicless.map((event) => [event.id, event]));
  return Object.fromEntries(
    [...firstTold(topicless)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([place, ids]) => [text(place), ids.map((id) => text(byId.get(id)))]),
  );
}
