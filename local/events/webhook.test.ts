import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { outgoingOf } from '../../shared/testing/events/read-history.ts';
import { goodHistory } from '../../shared/testing/events/told-jobs.ts';
import { OLDEST } from './log-position.ts';
import { type WebhookOptions, webhook } from './webhook.ts';

const HOUR_MS = 60 * 60 * 1000;
const secret = readWebhookSecret(`whsec_${Buffer.from('a secret of many bytes').toString('base64')}`);
const events = outgoingOf(goodHistory());
const [first, second] = events as [(typeof events)[0], (typeof events)[0]];

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
let server: Server;
let seen: Seen[];
let statuses: number[];
let now: number;

beforeEach(async () => {
  seen = [];
  statuses = [];
  now = Date.UTC(2026, 8, 18);
  server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      response.writeHead(statuses.shift() ?? 204, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(() => new Promise((closed) => server.close(closed)));

function sink(given: Partial<WebhookOptions> = {}) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const clock = { now: () => now, after: () => () => undefined };
  const stop = new AbortController().signal;
  return webhook({ url, secret, clock, begin: OLDEST, stop, ...given }).sink;
}

describe('a webhook', () => {
  it('has each event as the file has it', async () => {
    expect(await sink().publish([first, second])).toEqual({ failed: [] });
    expect(seen.map(({ body }) => JSON.parse(body)).sort((a, b) => (a.id === first.id ? -1 : b.id))).toEqual([
      first,
      second,
    ]);
    expect(seen[0]?.headers['content-type']).toBe('application/json');
  });

  it('can see by the signature that a message is what was sent', async () => {
    await sink().publish([first]);
    const { headers, body } = seen[0] as Seen;
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const expected = createHmac('sha256', secret).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(headers['webhook-timestamp']).toBe(String(now / 1000));
  });

  it('without a secret has no signature', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const clock = { now: () => now, after: () => () => undefined };
    const { sink: unsigned } = webhook({ url, clock, begin: OLDEST, stop: new AbortController().signal });
    await unsigned.publish([first]);
    expect(seen[0]?.headers['webhook-signature']).toBeUndefined();
  });

  it('has a message under the same id when it comes again', async () => {
    await sink().publish([first]);
    now += 5000;
    await sink().publish([first]);
    expect(seen[1]?.headers['webhook-id']).toBe(seen[0]?.headers['webhook-id']);
    expect(seen[1]?.headers['webhook-signature']).not.toBe(seen[0]?.headers['webhook-signature']);
  });

  it.each([500, 503, 429, 401, 404, 302])('that answers with %i is not there', async (status) => {
    statuses = [status];
    await expect(sink().publish([first])).rejects.toThrow(`it was answered with ${status}`);
    expect(seen).toHaveLength(1);
  });

  it('is not told again of what it has taken, when another message of the batch failed', async () => {
    const one = sink();
    statuses = [204, 503];
    await expect(one.publish([first, second])).rejects.toThrow();
    expect(await one.publish([first, second])).toEqual({ failed: [] });
    expect(seen).toHaveLength(3);
  });

  it.each([400, 413, 422])('that answers with %i has judged the message', async (status) => {
    statuses = [status];
    const { failed } = await sink().publish([first]);
    expect(failed).toEqual([{ id: first.id, reason: `it was answered with ${status}`, retryable: true }]);
  });

  it('has an hour to take what it answers with errors; then that message is refused', async () => {
    const one = sink();
    statuses = [500, 500, 500];
    await expect(one.publish([first])).rejects.toThrow();
    now += HOUR_MS - 1;
    await expect(one.publish([first])).rejects.toThrow();
    now += 1;
    expect((await one.publish([first])).failed).toEqual([
      { id: first.id, reason: 'it was answered with 500 for an hour', retryable: false },
    ]);
  });

  it('that is not reached is waited for', async () => {
    await expect(sink({ url: 'http://127.0.0.1:1/' }).publish([first])).rejects.toThrow();
  });

  it('is broken off when the service stops', async () => {
    await expect(sink({ stop: AbortSignal.abort() }).publish([first])).rejects.toThrow();
    expect(seen).toEqual([]);
  });
});
