import { describe, expect, it } from 'vitest';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Change, Store } from '../../shared/ports/store.ts';
import { storeOf } from '../../shared/testing/events/store-of-history.ts';
import { goodHistory } from '../../shared/testing/events/told-jobs.ts';
import { EventPublisher } from './publish-events.ts';

function publisherOn(store: Store, publishesTasks = true) {
  const sent: OutgoingEvent[] = [];
  let failures = 0;
  const publisher = new EventPublisher({
    store,
    publishesTasks: () => publishesTasks,
    clock: { now: () => 0, after: () => () => undefined },
    deadLetter: async () => undefined,
    sink: {
      batchSize: 10,
      keepsOrder: false,
      async publish(batch) {
        if (failures > 0) {
          failures -= 1;
          throw new Error('the network is down');
        }
        sent.push(...batch);
        return { failed: [] };
      },
    },
  });
  return { publisher, sent, fail: (times: number) => (failures = times) };
}

const idsOf = (events: readonly OutgoingEvent[]) =>
  events.map(({ id }) => id.replace(/^resize-1f6e02c4-9a3d-40b57/, ''));

describe('the feed of a job', () => {
  const expected = [
    '/group0/environment#COMPUTE_ENV_CREATED',
    '/group0/nodes/0.1#COMPUTE_NODE_CREATED',
    '/group0/tasks/0#0#TASK_INSTANCE_RUNNING',
    '/group0/tasks/1#0#TASK_INSTANCE_RUNNING',
    '#JOB_RUNNING',
    '/group0#TASK_RUNNING',
    '/group0/nodes/0.1#COMPUTE_NODE_RUNNING',
    '/group0/tasks/0#TASK_INSTANCE_SUCCEED',
    '/group0/tasks/1#TASK_INSTANCE_SUCCEED',
    '/group0#TASK_SUCCEED',
    '/group0/nodes/0.1#COMPUTE_NODE_DELETING',
    '/group0/environment#COMPUTE_ENV_DELETED',
    '#JOB_SUCCEED',
  ].toSorted();

  it.each([1, 2, 3, 100])('is told in batches of %i', async (size) => {
    const store = await storeOf(goodHistory());
    const { publisher, sent } = publisherOn(store);
    for (let seq = 0; ; ) {
      const changes = await store.changes(seq, size);
      if (changes.length === 0) break;
      await publisher.consume(changes);
      seq = changes.at(-1)?.seq ?? seq;
    }
    expect([...new Set(idsOf(sent))].toSorted()).toEqual(expected);
    // A commit that lies across batches of one change has one start told twice, under one id.
    if (size >= 3) expect(sent).toHaveLength(expected.length);
  });

  it('is told again after a failure, with what would have been told the first time', async () => {
    const store = await storeOf(goodHistory());
    const changes = await store.changes(0, 100);
    const { publisher, sent, fail } = publisherOn(store);
    fail(2);
    await expect(publisher.consume(changes)).rejects.toThrow();
    await expect(publisher.consume(changes)).rejects.toThrow();
    await publisher.consume(changes);
    expect(idsOf(sent).toSorted()).toEqual(expected);
    const once = [...sent];
    await publisher.consume(changes);
    expect(
      sent
        .slice(once.length)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(once.map(({ id }) => id).toSorted());
  });

  it('has no single tasks where nobody wants them', async () => {
    const store = await storeOf(goodHistory());
    const { publisher, sent } = publisherOn(store, false);
    await publisher.consume(await store.changes(0, 100));
    expect(sent.some(({ attributes }) => attributes.Kind === 'task')).toBe(false);
    expect(sent).toHaveLength(expected.length - 4);
  });

  it('has single tasks for a topic of the job, where nobody else wants them', async () => {
    const store = await storeOf(goodHistory(), {
      notifications: [{ topicName: 'done', eventConfigs: [{ eventName: 'TASK_INSTANCE_SUCCEED' }] }],
    });
    const { publisher, sent } = publisherOn(store, false);
    await publisher.consume(await store.changes(0, 100));
    expect(sent.filter(({ attributes }) => attributes.Kind === 'task').map(({ topic }) => topic)).toEqual([
      'done',
      'done',
    ]);
  });

  it('is told by a publisher that has not seen its beginning', async () => {
    const store = await storeOf(goodHistory());
    const { publisher, sent } = publisherOn(store);
    await publisher.consume(await store.changes(8, 100));
    expect(sent.every(({ attributes }) => attributes.JobId === 'resize')).toBe(true);
    expect(idsOf(sent)).toContain('#JOB_SUCCEED');
  });

  it('ends with its removal', async () => {
    const store = await storeOf(goodHistory());
    const changes = await store.changes(0, 100);
    const job = changes[0] as Change;
    const { publisher, sent } = publisherOn(store);
    await publisher.consume([...changes, { seq: 99, pk: job.pk, sk: job.sk, before: changes.at(-1)?.after }]);
    expect(idsOf(sent)).toContain('#JOB_SUCCEED');
    await store.commit([{ pk: job.pk, sk: job.sk, remove: true, ifVersion: 4 }]);
    sent.length = 0;
    await publisher.consume(changes.filter(({ pk }) => pk.startsWith('S#')));
    expect(sent).toEqual([]);
  });
});
