import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { storeOf } from '../../shared/testing/events/store-of-history.ts';
import { goodHistory } from '../../shared/testing/events/told-jobs.ts';
import { openHttpServer } from '../http/http-server.ts';
import { eventFiles } from './event-files.ts';
import { serveEvents } from './serve-events.ts';
import { type Events, wireEvents } from './wire-events.ts';

const PATH = '/v1/projects/my-project/locations/-/events?kinds=task';
let dataDir: string;
let events: Events;
let server: Server;
let endpoint: string;
/** Resolves when a response's connection is gone. */
let gone: Promise<unknown>;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'events-'));
  const store = await storeOf(goodHistory());
  const clock = { now: () => Date.UTC(2026, 8, 18), after: () => () => undefined };
  events = wireEvents({ dataDir, store, clock, random: () => 0, log: () => undefined });
  const ports = { store, events, logError: (error: unknown) => expect.unreachable(String(error)) };
  const notFound = async () => ({ status: 404, headers: {}, body: '' });
  ({ server, endpoint } = await openHttpServer(0, notFound, (request, response) => {
    gone = once(response, 'close');
    return serveEvents(ports, request, response);
  }));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await events.close();
  rmSync(dataDir, { recursive: true });
});

/** Asks for the events of single tasks, and says how to leave. */
function ask(): { answered: Promise<[IncomingMessage]>; leave: () => Promise<unknown> } {
  const request = get(`${endpoint}${PATH}`);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  const leave = () => {
    request.destroy();
    return gone;
  };
  return { answered, leave };
}

/** Whether events of single tasks are made, as they are for whoever follows and asks for them. */
async function makesTasks(): Promise<boolean> {
  await events.consume(goodHistory().changes);
  const texts = eventFiles(join(dataDir, 'events')).map((file) =>
    readFileSync(join(dataDir, 'events', file), 'utf8'),
  );
  return texts.join('').includes('"EventName":"TASK_INSTANCE_');
}

it('a client that stays is followed with, and kept awake', async () => {
  const [response] = await ask().answered;
  expect(response.statusCode).toBe(200);
  expect(vi.getTimerCount()).toBe(1);
  expect(await makesTasks()).toBe(true);
});

it('nothing is left of a client that leaves', async () => {
  const { answered, leave } = ask();
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  await leave();
  await new Promise(setImmediate);
  expect(vi.getTimerCount()).toBe(0);
  expect(await makesTasks()).toBe(false);
});

it('nothing is left of a client that leaves while its place is looked up', async () => {
  const asked = Promise.withResolvers<void>();
  const found = Promise.withResolvers<boolean>();
  events.log.isPlace = () => {
    asked.resolve();
    return found.promise;
  };
  const { answered, leave } = ask();
  answered.catch(() => undefined);
  await asked.promise;
  await leave();
  found.resolve(true);
  await new Promise(setImmediate);
  expect(vi.getTimerCount()).toBe(0);
  expect(await makesTasks()).toBe(false);
});
