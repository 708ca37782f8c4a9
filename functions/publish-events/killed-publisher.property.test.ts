import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JobNotification } from '../../shared/contract/notification.ts';
import type { EventSink, FailedEvent, OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Store } from '../../shared/ports/store.ts';
import { type KilledLife, live } from '../../shared/testing/events/killed-life.ts';
import { outgoingOf } from '../../shared/testing/events/read-history.ts';
import type { SampleHistory } from '../../shared/testing/events/sample-history.ts';
import { storeOf } from '../../shared/testing/events/store-of-history.ts';
import { badHistory, goodHistory } from '../../shared/testing/events/told-jobs.ts';
import { firstTold } from '../../shared/testing/events/told-order.ts';
import { EventPublisher } from './publish-events.ts';

const notifications: JobNotification[] = [
  { pubsubTopic: 'projects/p/topics/jobs', message: { type: 'JOB_STATE_CHANGED' } },
  { topicName: 'failed', eventConfigs: [{ eventName: 'JOB_FAILED' }, { eventName: 'TASK_INSTANCE_FAILED' }] },
];

/** What happens to the messages that are handed over: the sink throws, or refuses one for a while or for good. */
interface Trouble {
  /** Calls of the sink, counted over all lives, that throw. */
  readonly throwing: readonly number[];
  /** Ids by their order among all, and how often each is refused. */
  readonly refused: readonly {
    readonly event: number;
    readonly times: number;
    readonly retryable: boolean;
  }[];
}

const trouble: fc.Arbitrary<Trouble> = fc.record({
  throwing: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
  refused: fc.array(
    fc.record({
      event: fc.nat(40),
      times: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(99)),
      retryable: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
});

/** Consumes the feed in lives that are killed, as a stream's event source would: a batch comes again until it is done. */
async function publish(
  store: Store,
  plan: { kills: readonly number[]; batch: number; keepsOrder: boolean; trouble: Trouble },
  all: readonly OutgoingEvent[],
) {
  const taken: OutgoingEvent[] = [];
  const aside: OutgoingEvent[] = [];
  const refusals = new Map(plan.trouble.refused.map((one) => [all[one.event]?.id ?? '', { ...one }]));
  let calls = 0;
  const sinkOf = (life: KilledLife): EventSink => ({
    batchSize: 10,
    keepsOrder: plan.keepsOrder,
    laneOf: ({ topic = '', attributes }) => `${topic} ${attributes.Kind}`,
    async publish(batch) {
      calls += 1;
      if (plan.trouble.throwing.includes(calls)) throw new Error('the network is down');
      const failed: FailedEvent[] = [];
      for (const event of batch) {
        const refusal = plan.keepsOrder ? undefined : refusals.get(event.id);
        if (refusal === undefined || refusal.times === 0) await life.step(() => taken.push(event));
        else {
          refusal.times -= 1;
          failed.push({ id: event.id, reason: 'refused', retryable: refusal.retryable });
        }
      }
      return { failed };
    },
  });
  let done = 0;
  await live(plan.kills, async (life) => {
    const publisher = new EventPublisher({
      store,
      publishesTasks: () => true,
      clock,
      deadLetter: async (event) => void (await life.step(() => aside.push(event))),
      sink: sinkOf(life),
    });
    for (let changes = await store.changes(done, plan.batch); changes.length > 0; ) {
      const consumed = await publisher.consume(changes).then(
        () => true,
        (error: Error) => {
          if (error.message === 'the network is down') return false;
          throw error;
        },
      );
      const last = changes.at(-1)?.seq ?? done;
      if (consumed) await life.step(() => (done = last));
      changes = await store.changes(done, plan.batch);
    }
  });
  return { taken, aside };
}

const clock = {
  now: () => 0,
  after(_: number, then: () => void) {
    queueMicrotask(then);
    return () => undefined;
  },
};

const histories: readonly (() => SampleHistory)[] = [goodHistory, badHistory];

it('a publisher that is killed between any two steps loses nothing, changes no order and gives every message its id again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1),
      fc.record({
        kills: fc.array(fc.nat(60), { maxLength: 8 }),
        batch: fc.integer({ min: 1, max: 30 }),
        keepsOrder: fc.boolean(),
        trouble,
      }),
      async (which, plan) => {
        const history = (histories[which] ?? goodHistory)();
        const all = outgoingOf(history, notifications);
        const store = await storeOf(history, { notifications });
        const { taken, aside } = await publish(store, plan, all);
        const put = new Set(aside.map(({ id }) => id));
        expect(new Set([...taken, ...aside].map(({ id }) => id))).toEqual(new Set(all.map(({ id }) => id)));
        // What was put aside by one life may have been taken by another; nothing else is missing from its order.
        const missing = new Set([...put].filter((id) => !taken.some((event) => event.id === id)));
        const expected = firstTold(all.filter(({ id }) => !missing.has(id)));
        for (const [place, ids] of firstTold(taken))
          expect(ids.filter((id) => !put.has(id))).toEqual(expected.get(place)?.filter((id) => !put.has(id)));
        for (const event of taken)
          expect(event.message).toEqual(all.find(({ id }) => id === event.id)?.message);
      },
    ),
    { numRuns: 150 },
  );
});
