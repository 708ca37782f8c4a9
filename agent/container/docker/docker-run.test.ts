import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContainer } from '../../../shared/core/container/container-request.ts';
import type { ContainerEnd } from '../container-engine.ts';
import { DockerEngine } from './docker-engine.ts';

type Answer = (answer: ServerResponse) => void;

const says =
  (body: object, status = 200): Answer =>
  (answer) => {
    answer.writeHead(status, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(body));
  };

let folder: string;
let asked: string[];
let answers: Record<string, Answer>;
let server: ReturnType<typeof createServer>;
let engine: DockerEngine;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-engine-'));
  asked = [];
  answers = {
    'GET /_ping': (answer) => answer.writeHead(200, { 'api-version': '1.41' }).end('OK'),
    'GET /images/i/json': says({ Id: 'sha256:1' }),
    'GET /info': says({ NCPU: 2 }),
    'POST /containers/create': says({ Id: 'c1' }),
    'POST /containers/c1/wait': says({ StatusCode: 0 }),
    'POST /containers/c1/start': says({}, 204),
    'DELETE /containers/c1': says({}, 204),
    'GET /containers/c1/json': says({ State: { OOMKilled: false } }),
    'GET /containers/json': says([]),
    'GET /volumes': says({ Volumes: null }),
    'GET /networks': says([]),
  };
  server = createServer(take);
  server.on('upgrade', (request, socket) => {
    asked.push(nameOf(request));
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    socket.end();
  });
  const socket = join(folder, 'engine.sock');
  await new Promise<void>((listening) => server.listen(socket, listening));
  const own = { DOCKER_HOST: `unix://${socket}` };
  engine = new DockerEngine({ own, runDir: folder, instance: 'n', jobUid: 'u' });
});
afterEach(() => {
  engine.client.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function nameOf({ method, url = '' }: IncomingMessage): string {
  return `${method} ${url.replace(/^\/v1\.41/, '').replace(/\?.*/, '')}`;
}

function take(request: IncomingMessage, answer: ServerResponse): void {
  const name = nameOf(request);
  asked.push(name);
  request.resume();
  (answers[name] ?? says({ message: `nobody knows ${name}` }, 500))(answer);
}

function run(volumes: string[] = []): { ended: Promise<ContainerEnd>; kill(): void } {
  const { request } = readContainer({ imageUri: 'i', volumes }, []);
  const source = { taskId: 'task/u-group0-0/0/0', index: 0, attempt: 0, runnable: 0 };
  const ended = Promise.withResolvers<ContainerEnd>();
  const nothing = () => undefined;
  const watcher = { stdout: nothing, stderr: nothing, note: nothing, onExit: ended.resolve };
  const running = engine.run({ source, request, environment: {} }, watcher);
  return { ended: ended.promise, kill: () => running.signal('SIGKILL') };
}

describe('a container', () => {
  it('is started only when the engine waits for its end, for it may end at once', async () => {
    let isWaiting = false;
    answers['POST /containers/c1/wait'] = (answer) => {
      setTimeout(() => {
        isWaiting = true;
        answer.writeHead(200).flushHeaders();
      }, 30);
      answers['POST /containers/c1/start'] = (started) => {
        expect(isWaiting).toBe(true);
        says({}, 204)(started);
        answer.end('{"StatusCode":0}');
      };
    };
    expect(await run().ended).toEqual({ exitCode: 0 });
  });

  it('that was called off while its image was looked for is never made', async () => {
    const running = run();
    answers['GET /images/i/json'] = () => running.kill();
    expect(await running.ended).toEqual({ exitCode: 137 });
    expect(asked).not.toContain('POST /containers/create');
  });

  it('that was called off while it was made is removed and never started', async () => {
    const running = run();
    answers['POST /containers/create'] = (answer) => {
      running.kill();
      says({ Id: 'c1' })(answer);
    };
    expect(await running.ended).toEqual({ exitCode: 137 });
    await engine.close();
    expect(asked).toContain('DELETE /containers/c1');
    expect(asked).not.toContain('POST /containers/c1/start');
  });

  it('that has gone is looked for once when its node ends', async () => {
    await run().ended;
    await engine.close();
    expect(asked.filter((name) => name === 'GET /containers/json')).toHaveLength(1);
  });

  it('has its image looked for again when somebody has removed it', async () => {
    expect(await run().ended).toEqual({ exitCode: 0 });
    answers['POST /containers/create'] = (answer) => {
      answers['POST /containers/create'] = says({ Id: 'c1' });
      says({ message: 'No such image: sha256:1' }, 404)(answer);
    };
    expect(await run().ended).toEqual({ exitCode: 0 });
    expect(asked.filter((name) => name === 'GET /images/i/json')).toHaveLength(2);
  });

  it('does not suffer from what failed once', async () => {
    answers['GET /info'] = (answer) => {
      answers['GET /info'] = says({ NCPU: 2 });
      says({ message: 'not now' }, 500)(answer);
    };
    expect(await run().ended).toEqual({ exitCode: 125, problem: 'not now' });
    expect(await run().ended).toEqual({ exitCode: 0 });
  });

  it('ends with the engine, in words', async () => {
    answers['POST /containers/c1/start'] = (answer) => answer.destroy();
    expect(await run().ended).toEqual({
      exitCode: 125,
      problem: expect.stringMatching(/^the container engine at unix:.* failed \(/),
    });
  });

  it('asks once more for what the node does not have', async () => {
    answers['POST /volumes/create'] = says({ Name: 'v', Mountpoint: '/volumes/v' });
    answers['PUT /containers/c1/archive'] = says({});
    let tries = 0;
    answers['POST /containers/create'] = (answer) => {
      tries += 1;
      const message = 'invalid mount config for type "bind": bind source path does not exist: /gone';
      if (tries === 1) says({ message }, 400)(answer);
      else says({ Id: 'c1' })(answer);
    };
    expect(await run(['/gone:/x']).ended).toEqual({ exitCode: 0 });
    expect(tries).toBe(2);
  });
});
