import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventMessageSchema } from '../../shared/contract/event.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Change, Store } from '../../shared/ports/store.ts';
import { storeOf } from '../../shared/testing/events/store-of-history.ts';
import { goodHistory } from '../../shared/testing/events/told-jobs.ts';
import { eventFiles } from './event-files.ts';
import type { EventFilter } from './event-filter.ts';
import { type LogPosition, OLDEST } from './log-position.ts';
import { type Events, type EventsOptions, wireEvents } from './wire-events.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const begin = Date.UTC(2026, 8, 18, 16);
let dataDir: string;
let now: number;
let open: Events[];
let store: Store;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'events-'));
  now = begin;
  open = [];
  store = await storeOf(goodHistory());
});
afterEach(async () => {
  for (const events of open) await events.close();
  rmSync(dataDir, { recursive: true });
});

function start(given: Partial<EventsOptions> = {}): Events {
  const clock = { now: () => now, after: () => () => undefined };
  const events = wireEvents({ dataDir, store, clock, random: () => 0, log: () => undefined, ...given });
  open.push(events);
  return events;
}

const linesOf = (day: string) =>
  readFileSync(join(dataDir, 'events', `${day}.jsonl`), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as OutgoingEvent);
const names = (events: readonly OutgoingEvent[]) => events.map(({ attributes }) => attributes.EventName);
const feed = (): Change[] => goodHistory().changes;

/** Follows, and has all that it was told. */
function listen(events: Events, filter: EventFilter = {}, from = events.log.end) {
  const told: OutgoingEvent[] = [];
  const positions: LogPosition[] = [];
  const leaving = new AbortController();
  let more = Promise.withResolvers<void>();
  const through = (async () => {
    for await (const chunk of events.follow(filter, from, leaving.signal)) {
      told.push(...chunk.map(({ event }) => event));
      positions.push(...chunk.map(({ position }) => position));
      more.resolve();
      more = Promise.withResolvers();
    }
  })();
  const until = async (count: number) => {
    while (told.length < count) await more.promise;
  };
  const leave = async () => {
    leaving.abort();
    await through;
  };
  return { told, positions, until, leave };
}

describe('the file of a day', () => {
  it('has one message a line, in the order of the feed', async () => {
    await start().consume(feed());
    const lines = linesOf('2026-09-18');
    expect(names(lines)).toEqual([
      'COMPUTE_ENV_CREATED',
      'COMPUTE_NODE_CREATED',
      'COMPUTE_NODE_RUNNING',
      'TASK_RUNNING',
      'JOB_RUNNING',
      'TASK_SUCCEED',
      'COMPUTE_NODE_DELETING',
      'COMPUTE_ENV_DELETED',
      'JOB_SUCCEED',
    ]);
    for (const { message } of lines) expect(eventMessageSchema.parse(message)).toEqual(message);
    expect(Object.keys(lines[0] ?? {})).toEqual(['id', 'subject', 'attributes', 'message']);
  });

  it('has single tasks of a job that asks for them by a label', async () => {
    const changes = feed().map(({ before, after, ...key }) => ({ ...key, ...asking({ before, after }) }));
    await start().consume(changes);
    expect(names(linesOf('2026-09-18')).filter((name) => name?.startsWith('TASK_INSTANCE_'))).toHaveLength(4);
  });

  it('begins anew each day, and goes when its time is over', async () => {
    const events = start({ keepDays: 1 });
    const changes = feed();
    for (const part of [changes.slice(0, 6), changes.slice(6, 10), changes.slice(10)]) {
      await events.consume(part);
      now += DAY_MS;
    }
    expect(eventFiles(join(dataDir, 'events'))).toEqual(['2026-09-19.jsonl', '2026-09-20.jsonl']);
  });
});

describe('a batch that comes again', () => {
  it('is not written twice by the same service', async () => {
    const events = start();
    await events.consume(feed());
    await events.consume(feed());
    expect(new Set(linesOf('2026-09-18').map(({ id }) => id)).size).toBe(linesOf('2026-09-18').length);
  });

  it('is not written twice by the next', async () => {
    await start().consume(feed().slice(0, 9));
    const before = linesOf('2026-09-18');
    await start().consume(feed());
    expect(linesOf('2026-09-18').slice(0, before.length)).toEqual(before);
    expect(new Set(linesOf('2026-09-18').map(({ id }) => id)).size).toBe(9);
    expect(linesOf('2026-09-18')).toHaveLength(9);
  });

  it('mends a line that was torn', async () => {
    await start().consume(feed().slice(0, 9));
    appendFileSync(join(dataDir, 'events', '2026-09-18.jsonl'), '{"id":"resize-1f6e');
    await start().consume(feed());
    expect(linesOf('2026-09-18')).toHaveLength(9);
  });
});

describe('who follows', () => {
  it('is told of what is written, and of nothing after it left', async () => {
    const events = start();
    const { told, until, leave } = listen(events);
    await events.consume(feed().slice(0, 9));
    await until(linesOf('2026-09-18').length);
    expect(told).toEqual(linesOf('2026-09-18'));
    await leave();
    await events.consume(feed());
    expect(told.length).toBeLessThan(linesOf('2026-09-18').length);
  });

  it.each<[string, EventFilter, number]>([
    ['single tasks', { kinds: ['task'] }, 4],
    ['the end of single tasks', { names: ['TASK_INSTANCE_SUCCEED'] }, 2],
  ])('and asks for %s has them made', async (_, filter, count) => {
    const events = start();
    const { told, until } = listen(events, filter);
    await events.consume(feed());
    await until(count);
    expect(told).toHaveLength(count);
  });

  it('is told of what it missed over days and lives of the service, all once', async () => {
    const first = start();
    const all = listen(first);
    await first.consume(feed().slice(0, 9));
    await all.until(linesOf('2026-09-18').length);
    now += DAY_MS;
    const second = start();
    await second.consume(feed());
    const written = [...linesOf('2026-09-18'), ...linesOf('2026-09-19')];
    for (const [at, position] of all.positions.entries()) {
      const late = listen(second, {}, position);
      await late.until(written.length - at - 1);
      expect(late.told).toEqual(written.slice(at + 1));
    }
  });

  it('from the oldest on, is told of all that is kept', async () => {
    const events = start();
    await events.consume(feed());
    const { told, until } = listen(events, {}, OLDEST);
    await until(9);
    expect(told).toEqual(linesOf('2026-09-18'));
  });
});

it('a file that cannot be written has the batch come again', async () => {
  const events = start();
  mkdirSync(join(dataDir, 'events', '2026-09-18.jsonl'), { recursive: true });
  await expect(events.consume(feed())).rejects.toThrow();
  rmSync(join(dataDir, 'events', '2026-09-18.jsonl'), { recursive: true });
  await events.consume(feed());
  expect(linesOf('2026-09-18')).toHaveLength(9);
});

/** The same change of a job whose labels ask for single tasks. */
function asking(sides: { before?: unknown; after?: unknown }): { before?: unknown; after?: unknown } {
  const asks = (body: unknown) => {
    const { spec } = body as { spec?: object };
    return spec === undefined
      ? body
      : { ...(body as object), spec: { ...spec, labels: { 'sluice-events': 'all' } } };
  };
  return Object.fromEntries(
    Object.entries(sides).flatMap(([side, body]) => (body === undefined ? [] : [[side, asks(body)]])),
  );
}
