import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventMessageSchema } from '../../shared/contract/event.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Change, Store } from '../../shared/ports/store.ts';
import { storeOf } from '../../shared/testing/events/store-of-history.ts';
import { badHistory, goodHistory } from '../../shared/testing/events/told-jobs.ts';
import type { EventFilter } from './event-filter.ts';
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
afterEach(() => {
  for (const events of open) events.close();
  rmSync(dataDir, { recursive: true });
});

function start(given: Partial<EventsOptions> = {}): Events {
  const clock = { now: () => now, after: () => () => undefined };
  const events = wireEvents({ dataDir, store, clock, log: () => undefined, ...given });
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

/** Listens, and has all that it was told. */
function listen(events: Events, filter: EventFilter = {}, since?: string) {
  const told: OutgoingEvent[] = [];
  const subscription = events.subscribe(filter, (event) => void told.push(event), since);
  return { told, subscription };
}

describe('the file of a day', () => {
  it('has one message a line, in the order of the feed', async () => {
    await start().consume(feed());
    const lines = linesOf('2026-09-18');
    expect(names(lines)).toEqual([
      'COMPUTE_ENV_CREATED',
      'COMPUTE_NODE_CREATED',
      'COMPUTE_NODE_RUNNING',
      'JOB_RUNNING',
      'TASK_RUNNING',
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
    expect(readdirSync(join(dataDir, 'events'))).toEqual(['2026-09-19.jsonl', '2026-09-20.jsonl']);
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

describe('listeners', () => {
  it('are told of what is written, and of nothing after they left', async () => {
    const events = start();
    const { told, subscription } = listen(events);
    await events.consume(feed().slice(0, 9));
    expect(told).toEqual(linesOf('2026-09-18'));
    subscription.close();
    await events.consume(feed());
    expect(told.length).toBeLessThan(linesOf('2026-09-18').length);
  });

  it.each<[string, EventFilter, number]>([
    ['another job', { jobUid: 'other' }, 0],
    ['the job', { jobId: 'resize' }, 9],
    ['two names', { names: ['JOB_SUCCEED', 'JOB_FAILED'] }, 1],
    ['nodes', { kinds: ['node'] }, 3],
    ['single tasks', { kinds: ['task'] }, 4],
    ['the end of single tasks', { names: ['TASK_INSTANCE_SUCCEED'] }, 2],
  ])('that ask for %s', async (_, filter, count) => {
    const events = start();
    const { told } = listen(events, filter);
    await events.consume(feed());
    expect(told).toHaveLength(count);
  });

  it('are told of what they missed, then of what comes, all once', async () => {
    const events = start();
    const all = listen(events);
    await events.consume(feed().slice(0, 9));
    const since = linesOf('2026-09-18')[1]?.id;
    const late = listen(events, {}, since);
    await events.consume(feed());
    await late.subscription.caughtUp;
    expect(late.told).toEqual(all.told.slice(2));
  });

  it('are told of what they missed over days and lives of the service', async () => {
    const first = start();
    const all = listen(first);
    await first.consume(feed().slice(0, 9));
    now += DAY_MS;
    const second = start();
    const more = listen(second);
    await second.consume(feed());
    const late = listen(second, {}, all.told[0]?.id);
    await late.subscription.caughtUp;
    expect(late.told).toEqual([...all.told, ...more.told].slice(1));
  });

  it('that throw hurt nobody else', async () => {
    const log: string[] = [];
    const events = start({ log: (line) => log.push(line) });
    events.subscribe({}, () => {
      throw new Error('full');
    });
    const { told } = listen(events);
    await events.consume(badHistory().changes);
    expect(told.length).toBeGreaterThan(10);
    expect(log[0]).toMatch(/could not take event .*full/);
  });
});

it('a folder that cannot be written has the batch come again', async () => {
  const events = start();
  writeFileSync(join(dataDir, 'events'), 'not a folder');
  await expect(events.consume(feed())).rejects.toThrow();
  rmSync(join(dataDir, 'events'));
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
