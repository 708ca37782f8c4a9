import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepId, ToldFeed } from '../../testing/events/told-feed.ts';
import { node } from '../../testing/seat-samples.ts';
import type { TaskReport } from '../seat/take-in-task.ts';
import { taskStates } from '../task/task-states.ts';
import { eventsOfStep } from './events-of-change.ts';
import { FeedMemory } from './feed-memory.ts';

const TASKS = 8;
const SEATS = 2;
const seat = fc.nat(SEATS - 1);
const rarely = fc.nat(14).map((die) => die === 0);
const statement = fc.record({
  pick: fc.nat(99),
  state: fc.constantFrom<TaskReport['state'][]>('ASSIGNED', 'RUNNING', 'RUNNING', 'SUCCEEDED', 'FAILED'),
  runnable: fc.nat(5),
  exitCode: fc.constantFrom(1, 50005),
  events: fc.constantFrom<[number, string][][]>([], [], [[5, 'a']]),
});
const report = fc.record({
  seat,
  statements: fc.array(statement, { maxLength: 5 }),
  given: fc.nat(5),
  stopped: rarely,
  preempted: rarely,
  maxChanges: fc.constantFrom(1, 2, 100),
});
const move = fc.oneof(
  { weight: 10, arbitrary: report },
  { weight: 2, arbitrary: fc.constantFrom('open' as const, 'fill' as const, 'arrive' as const) },
  { weight: 1, arbitrary: fc.record({ steal: seat, to: seat }) },
  { weight: 1, arbitrary: fc.record({ lose: seat, maxChanges: fc.constantFrom(1, 100) }) },
  { weight: 1, arbitrary: fc.record({ stop: rarely, of: seat, maxChanges: fc.constantFrom(1, 100) }) },
);
type Move = typeof move extends fc.Arbitrary<infer One> ? One : never;

/** One commit, as the service would make it: a report's seat is given further tasks in the same. */
function make(feed: ToldFeed, made: Move): void {
  const { model } = feed;
  const at = (number: number) => model.seats[number] ?? feed.first;
  if (made === 'open') model.openBarrier();
  else if (made === 'fill') for (const one of model.seats) model.assign(one, TASKS);
  else if (made === 'arrive') arrive(feed);
  else if ('steal' in made) model.steal(at(made.steal), at(made.to));
  else if ('lose' in made) model.lose(at(made.lose), 'SILENT', made.maxChanges);
  else if ('stop' in made) {
    if (made.stop) model.stop({ kind: 'CANCELLED' });
    model.stopSeat(at(made.of), made.maxChanges);
  } else {
    const held = feed.heldBy(at(made.seat));
    const tasks = made.statements.map(({ pick, ...said }) => ({
      ...said,
      ...(held[pick % Math.max(1, held.length)] ?? { index: pick % TASKS, attempt: 0 }),
    }));
    const { stopped, preempted } = made;
    model.report(at(made.seat), { node, stopped, preempted, tasks }, made.maxChanges);
    if (!stopped) model.assign(at(made.seat), made.given);
  }
  feed.commit();
}

/** All tasks on nodes come to the next barrier. */
function arrive({ model, heldBy }: ToldFeed): void {
  for (const seat of model.seats) {
    const runnable = model.group.reachedBarrier + 2;
    const tasks = heldBy(seat).map((task) => ({ ...task, state: 'RUNNING' as const, runnable, events: [] }));
    model.report(seat, { node, stopped: false, preempted: false, tasks }, 100);
  }
}

const histories = fc.array(move, { maxLength: 80 });

describe('whatever happens to seats', () => {
  it('each move of each task is told once, in the order of the table, and nothing else is', () => {
    fc.assert(
      fc.property(histories, fc.nat(2), (moves, retries) => {
        const feed = new ToldFeed(TASKS, SEATS, retries);
        const ids = new Set<string>();
        for (const made of moves) {
          make(feed, made);
          const before = new Map(feed.told);
          for (const step of feed.tellCommit()) {
            const id = stepId(step);
            expect(ids.has(id), `${id} is told twice`).toBe(false);
            ids.add(id);
            const from = before.get(step.index) ?? 'PENDING';
            const legal = taskStates.transitions.some(
              (row) => row.to === step.to && [row.from].flat().includes(from),
            );
            expect(legal, `task ${step.index} goes from ${from} to ${step.to}`).toBe(true);
            before.set(step.index, step.to);
          }
          expect(feed.told).toEqual(feed.states());
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('the feed in other batches, without memory and read twice gives the same events under the same ids', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 40 }), (moves, batch) => {
        const feed = new ToldFeed(TASKS, SEATS, 1);
        const events = new Map<string, unknown>();
        for (const made of moves) {
          make(feed, made);
          for (const step of feed.tellCommit())
            for (const event of eventsOfStep(step, feed.context)) events.set(event.id, event);
        }
        const remembered = feed.tellAll(batch, new FeedMemory());
        // A commit has at most two seats and eight tasks: with memory nothing is told twice where it lies in two batches.
        if (batch > 10) expect(new Set(remembered.map(stepId)).size).toBe(remembered.length);
        const steps = [...remembered, ...feed.tellAll(batch, undefined)];
        const again = steps.flatMap((step) => eventsOfStep(step, feed.context));
        expect(new Set(again.map(({ id }) => id))).toEqual(new Set(events.keys()));
        for (const event of again) expect(event).toEqual(events.get(event.id));
      }),
      { numRuns: 500 },
    );
  });
});
