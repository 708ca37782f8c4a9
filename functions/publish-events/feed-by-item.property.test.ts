import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Change } from '../../shared/ports/store.ts';
import { outgoingOf } from '../../shared/testing/events/read-history.ts';
import { storeOf } from '../../shared/testing/events/store-of-history.ts';
import { badHistory, goodHistory } from '../../shared/testing/events/told-jobs.ts';
import { firstTold } from '../../shared/testing/events/told-order.ts';
import { EventPublisher } from './publish-events.ts';

/** The changes in another order, which is still that of each item: as a stream of several shards may have them. */
function shuffled(changes: readonly Change[], choices: readonly number[]): Change[] {
  const items = [...Map.groupBy(changes, ({ pk, sk }) => `${pk} ${sk}`).values()].map((of) => [...of]);
  const order: Change[] = [];
  for (let at = 0; items.some((of) => of.length > 0); at += 1) {
    const left = items.filter((of) => of.length > 0);
    order.push(...(left[(choices[at] ?? 0) % left.length]?.splice(0, 1) ?? []));
  }
  return order;
}

it.each([
  ['a job that goes well', goodHistory],
  ['a job that does not', badHistory],
])(
  '%s is told in the order of each subject, by publishers that see each item by itself',
  async (_, historyOf) => {
    const history = historyOf();
    const all = outgoingOf(history);
    const store = await storeOf(history);
    const changes = await store.changes(0, 1000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(20), { minLength: changes.length, maxLength: changes.length }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(2), { minLength: changes.length, maxLength: changes.length }),
        async (choices, batch, who) => {
          const taken: OutgoingEvent[] = [];
          const publishers = [0, 1, 2].map(
            () =>
              new EventPublisher({
                store,
                feed: 'ordered by item',
                publishesTasks: () => true,
                clock: { now: () => 0, after: () => () => undefined },
                deadLetter: async () => undefined,
                sink: {
                  batchSize: 10,
                  keepsOrder: false,
                  laneOf: ({ attributes }) => attributes.Kind ?? '',
                  async publish(events) {
                    taken.push(...events);
                    return { failed: [] };
                  },
                },
              }),
          );
          const order = shuffled(changes, choices);
          for (let from = 0; from < order.length; from += batch)
            await publishers[who[from] ?? 0]?.consume(order.slice(from, from + batch));
          expect(new Set(taken.map(({ id }) => id))).toEqual(new Set(all.map(({ id }) => id)));
          const told = firstTold(taken);
          for (const [place, ids] of firstTold(all)) {
            // Two records tell of a task: of the starts of its attempts one may be told before an earlier one, but the end is last.
            if (place.includes('/tasks/')) expect(told.get(place)?.at(-1)).toEqual(ids.at(-1));
            else expect(told.get(place)).toEqual(ids);
          }
        },
      ),
      { numRuns: 100 },
    );
  },
);
