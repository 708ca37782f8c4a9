import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { FakeHost } from '../testing/fake-host.ts';
import { Connection } from './connection.ts';
import { followEvents, serverSentEvents } from './event-stream.ts';

async function parse(...chunks: string[]) {
  const found: object[] = [];
  const body = (async function* () {
    yield* chunks;
  })();
  for await (const event of serverSentEvents(body)) found.push(event);
  return found;
}

it.each<[string, string[], object[]]>([
  [
    'in pieces',
    ['id: a.1\nda', 'ta: {"x"', ':1}\n', '\nid: a.2\n\n'],
    [{ id: 'a.1', data: '{"x":1}' }, { id: 'a.2' }],
  ],
  ['with comments and other fields', [':\n\n', 'retry: 2000\n\n', ': hello\nid: b\n\n'], [{ id: 'b' }]],
  ['with data of several lines', ['data: a\ndata: b\n\n'], [{ data: 'a\nb' }]],
  ['that break off', ['id: a\ndata: 1'], []],
])('server-sent events %s', async (_, chunks, events) => {
  expect(await parse(...chunks)).toEqual(events);
});

it('a stream that breaks off goes on from the last event that came', async () => {
  const asked: (string | undefined)[] = [];
  const leaving = new AbortController();
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const at = asked.length;
    response.write(`retry: 1\nid: start.${at}\n\nid: event.${at}\ndata: {"id":"${at}"}\n\n`);
    if (at === 1) setImmediate(() => response.destroy());
    else response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host = new FakeHost();
  const connection = new Connection({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    host,
  });
  const seen: unknown[] = [];
  for await (const one of followEvents(
    connection,
    { path: 'x' },
    { host, signal: leaving.signal, patienceMs: 1000 },
  )) {
    seen.push(one === 'opened' ? one : one.id);
    if (seen.length === 6) leaving.abort();
  }
  server.closeAllConnections();
  server.close();
  expect(seen).toEqual(['opened', '1', 'opened', '2', 'opened', '3']);
  expect(asked).toEqual([undefined, 'event.1', 'event.2']);
});

it('a service that was never there, or stays away, ends it', async () => {
  const host = new FakeHost();
  const connection = new Connection({ endpoint: 'http://127.0.0.1:1', host });
  const follow = followEvents(
    connection,
    { path: 'x' },
    { host, signal: new AbortController().signal, patienceMs: 1000 },
  );
  await expect(follow.next()).rejects.toThrow('cannot reach http://127.0.0.1:1');
});
