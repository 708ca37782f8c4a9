import { expect, it } from 'vitest';
import { EventPublisher } from '../../functions/publish-events/publish-events.ts';
import { wantsTaskEvents } from '../../shared/core/events/job-facts.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Change } from '../../shared/ports/store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { runManyNodes, type Wish } from './many-nodes.ts';

/** What is published of a run, from the changes that carry the signals it is told by, and from all changes. */
async function published(wish: Wish): Promise<{ filtered: string[]; all: string[] }> {
  const inner = memoryStore();
  const everything: Change[] = [];
  const store = {
    ...inner,
    changes: async (after: number, limit: number) => {
      const changes = await inner.changes(after, limit);
      everything.push(...changes);
      return changes;
    },
  };
  const publisher = () => {
    const ids: string[] = [];
    const take = async (events: readonly OutgoingEvent[]) => {
      ids.push(...events.map(({ id }) => id));
      return { failed: [] };
    };
    const clock = ringingClock(() => 1000);
    const deadLetter = async () => undefined;
    const sink = { batchSize: 10, keepsOrder: true, publish: take };
    const to = new EventPublisher({ store: inner, clock, sink, deadLetter, publishesTasks: wantsTaskEvents });
    return { to, ids };
  };
  const filtered = publisher();
  await runManyNodes(store, wish, (changes) => filtered.to.consume(changes));
  const all = publisher();
  await all.to.consume(everything);
  return { filtered: [...new Set(filtered.ids)].sort(), all: [...new Set(all.ids)].sort() };
}

it.each([
  ['of jobs, groups and nodes', {}, 30],
  ['of single tasks too, when they are asked for', { 'sluice-events': 'all' }, 200],
])('changes with signals tell all events %s', async (_, labels, least) => {
  const { filtered, all } = await published({ nodes: 12, tasksANode: 8, slots: 2, queue: 2, labels });
  expect(filtered).toEqual(all);
  expect(all.length).toBeGreaterThan(least);
});
