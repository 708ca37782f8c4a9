import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Endpoint } from './endpoint.ts';
import { ReportClient, resultOf } from './report-client.ts';

describe('an HTTP answer', () => {
  const body = (status: string) => JSON.stringify({ error: { status, message: 'm' } });
  it.each([
    [200, '{"tasks":[]}', 'answered'],
    [200, '{}', 'answered'],
    [200, '{"tasks":', 'failed'],
    [200, '"text"', 'failed'],
    [400, body('FAILED_PRECONDITION'), 'refused'],
    [401, body('UNAUTHENTICATED'), 'refused'],
    [403, body('PERMISSION_DENIED'), 'refused'],
    [404, body('NOT_FOUND'), 'refused'],
    [400, body('INVALID_ARGUMENT'), 'failed'],
    [403, '{"message":"Forbidden"}', 'failed'],
    [404, 'no such page', 'failed'],
    [409, body('ABORTED'), 'failed'],
    [429, body('RESOURCE_EXHAUSTED'), 'failed'],
    [500, body('INTERNAL'), 'failed'],
    [503, body('UNAVAILABLE'), 'failed'],
    [503, body('FAILED_PRECONDITION'), 'failed'],
  ])('%d %s is %s', (code, text, kind) => {
    expect(resultOf(code, text).kind).toBe(kind);
  });
});

describe('the client', () => {
  const servers: http.Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(take: http.RequestListener): Promise<string> {
    const server = http.createServer(take);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('posts with the token, over one connection, and asks to wait when told to', async () => {
    const seen: unknown[] = [];
    const address = await serve((request, response) => {
      const { authorization, prefer } = request.headers;
      seen.push([request.method, request.url, authorization, prefer]);
      response.setHeader('x-port', String(request.socket.remotePort));
      seen.push(request.socket.remotePort);
      request.resume().on('end', () => response.end('{}'));
    });
    const client = new ReportClient(new Endpoint(`${address}/`), 'projects/p/locations/l', 'secret');
    expect(await client.send({}, 0)).toEqual({ kind: 'answered', response: {} });
    await client.send({}, 10);
    const line = ['POST', '/v1/projects/p/locations/l/state:report', 'Bearer secret'];
    expect(seen).toEqual([[...line, undefined], seen[1], [...line, 'wait=10'], seen[1]]);
  });

  it('ends a report under way for a newer one', async () => {
    let count = 0;
    const address = await serve((_, response) => {
      count += 1;
      if (count === 2) response.end('{}');
    });
    const client = new ReportClient(new Endpoint(address), 'projects/p/locations/l', 't');
    const first = client.send({}, 10);
    while (count === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await client.send({}, 0)).toEqual({ kind: 'answered', response: {} });
    expect((await first).kind).toBe('failed');
  });

  it('looks where the service is now, when it cannot be reached', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-endpoint-'));
    const file = join(folder, 'endpoint');
    const endpoint = new Endpoint('http://127.0.0.1:1', file);
    const client = new ReportClient(endpoint, 'projects/p/locations/l', 't');
    expect((await client.send({}, 0)).kind).toBe('failed');
    writeFileSync(file, 'half a wri');
    expect((await client.send({}, 0)).kind).toBe('failed');
    writeFileSync(file, `${await serve((_, response) => response.end('{}'))}\n`);
    expect((await client.send({}, 0)).kind).toBe('failed');
    expect((await client.send({}, 0)).kind).toBe('answered');
    rmSync(folder, { recursive: true });
  });
});
