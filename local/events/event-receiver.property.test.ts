import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FailedEvent, OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { Killed, type KilledLife, live } from '../../shared/testing/events/killed-life.ts';
import { firstTold } from '../../shared/testing/events/told-order.ts';
import { EventLog } from './event-log.ts';
import { deliverEvents, pauseMs, type Receiver } from './event-receiver.ts';
import { lineOf } from './jsonl-sink.ts';
import { keptPosition } from './kept-position.ts';
import { type LogPosition, OLDEST } from './log-position.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'receiver-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const clock = {
  now: () => 0,
  after(_: number, then: () => void) {
    queueMicrotask(then);
    return () => undefined;
  },
};

const anEvent = (subject: number, at: number, topic: boolean): OutgoingEvent => ({
  id: `e${at}`,
  subject: `s${subject}`,
  attributes: {},
  message: 'x'.repeat(1000),
  ...(topic ? { topic: 'done' } : {}),
});

/** Writes events as the log has them, over two days. */
function write(events: readonly OutgoingEvent[]): LogPosition {
  const half = Math.floor(events.length / 2);
  writeFileSync(join(folder, '2026-09-18.jsonl'), events.slice(0, half).map(lineOf).join(''));
  const second = events.slice(half).map(lineOf).join('');
  writeFileSync(join(folder, '2026-09-19.jsonl'), second);
  return { file: '2026-09-19.jsonl', length: Buffer.byteLength(second) };
}

it('a receiver that fails, in a service that is killed between any two steps, misses nothing and sees every subject in its order', async () => {
  const plan = fc.record({
    subjects: fc.array(fc.tuple(fc.nat(5), fc.boolean()), { minLength: 1, maxLength: 60 }),
    kills: fc.array(fc.nat(40), { maxLength: 6 }),
    throwing: fc.uniqueArray(fc.nat(30), { maxLength: 8 }),
    poisoned: fc.uniqueArray(fc.nat(60), { maxLength: 3 }),
    batchSize: fc.integer({ min: 1, max: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ subjects, kills, throwing, poisoned, batchSize }) => {
      const events = subjects.map(([subject, topic], at) => anEvent(subject, at, topic));
      const end = write(events);
      const file = join(folder, 'receiver');
      rmSync(file, { force: true });
      const taken: OutgoingEvent[] = [];
      const aside: OutgoingEvent[] = [];
      let calls = 0;
      const sinkOf = (life: KilledLife): Receiver['sink'] => ({
        batchSize,
        keepsOrder: false,
        async publish(batch) {
          calls += 1;
          if (throwing.includes(calls)) throw new Error('not there');
          const failed: FailedEvent[] = [];
          for (const event of batch) {
            const isPoisoned = poisoned.some((at) => event.id === `e${at}`);
            if (isPoisoned) failed.push({ id: event.id, reason: 'poisoned', retryable: false });
            else await life.step(() => taken.push(event));
          }
          return { failed };
        },
      });
      await live(kills, async (life) => {
        const through = new AbortController();
        const kept = keptPosition(file);
        const write = (position: LogPosition) => {
          life.stepNow(() => kept.write(position));
          if (position.file === end.file && position.length === end.length) through.abort();
        };
        await deliverEvents(
          {
            name: 'r',
            sink: sinkOf(life),
            begin: OLDEST,
            wants: (line: string) => !line.includes('"topic":'),
          },
          { read: kept.read, write },
          {
            log: new EventLog(folder, () => end),
            clock,
            random: () => 0,
            say: () => undefined,
            putAside: async (_, event) => void (await life.step(() => aside.push(event))),
          },
          AbortSignal.any([through.signal, life.killed]),
        );
        if (life.killed.aborted) throw new Killed('killed');
      });
      const meant = events.filter(({ topic }) => topic === undefined);
      const isPoisoned = ({ id }: OutgoingEvent) => poisoned.some((at) => id === `e${at}`);
      expect(firstTold(taken)).toEqual(firstTold(meant.filter((event) => !isPoisoned(event))));
      expect(new Set(aside.map(({ id }) => id))).toEqual(
        new Set(meant.filter(isPoisoned).map(({ id }) => id)),
      );
    }),
    { numRuns: 60 },
  );
});

it('pauses double up to a minute, a part of them at random', () => {
  expect([0, 1, 2, 6, 7, 50].map((failures) => pauseMs(failures, 1))).toEqual([
    200, 400, 800, 12_800, 25_600, 60_000,
  ]);
  expect(pauseMs(3, 0)).toBe(800);
});

it.each<[string, number, number[]]>([
  ['takes something between two failures is not taken for dead', 2, [200, 200, 200]],
  ['takes the same again and again, and no more, is', 99, [200, 400, 800]],
])('a receiver that %s', async (_, failsAt, expected) => {
  const end = write(Array.from({ length: 8 }, (_, at) => anEvent(at, at, false)));
  const pauses: number[] = [];
  const through = new AbortController();
  const taken = new Set<string>();
  let fresh = 0;
  await deliverEvents(
    {
      name: 'r',
      begin: OLDEST,
      wants: () => true,
      sink: {
        batchSize: 1,
        keepsOrder: true,
        async publish([event]) {
          if (event === undefined || taken.has(event.id)) return { failed: [] };
          fresh += 1;
          if (fresh % failsAt === 0 || (failsAt === 99 && fresh > 1)) throw new Error('busy');
          taken.add(event.id);
          return { failed: [] };
        },
      },
    },
    {
      read: () => OLDEST,
      write: ({ file, length }) => file === end.file && length === end.length && through.abort(),
    },
    {
      log: new EventLog(folder, () => end),
      clock: {
        now: () => 0,
        after(ms, then) {
          pauses.push(ms);
          if (pauses.length === expected.length) through.abort();
          return clock.after(ms, then);
        },
      },
      random: () => 1,
      say: () => undefined,
      putAside: async () => undefined,
    },
    through.signal,
  );
  expect(pauses).toEqual(expected);
});

it('a receiver whose place the log has lost begins that day again', async () => {
  const end = write(Array.from({ length: 4 }, (_, at) => anEvent(at, at, false)));
  const taken: string[] = [];
  const through = new AbortController();
  await deliverEvents(
    {
      name: 'r',
      begin: OLDEST,
      wants: () => true,
      sink: {
        batchSize: 10,
        keepsOrder: true,
        async publish(batch) {
          taken.push(...batch.map(({ id }) => id));
          through.abort();
          return { failed: [] };
        },
      },
    },
    { read: () => ({ file: end.file, length: end.length + 100 }), write: () => undefined },
    {
      log: new EventLog(folder, () => end),
      clock,
      random: () => 0,
      say: () => undefined,
      putAside: async () => undefined,
    },
    through.signal,
  );
  expect(taken).toEqual(['e2', 'e3']);
});
