import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MARK } from '../../agent/container/docker/docker-engine.ts';
import { LocalLauncher } from './local-launcher.ts';
import { bootId } from './process-life.ts';

// No process has this id: it is above what Linux gives.
const DEAD = 2 ** 22 + 1;

let folder: string;
let socket: string;
let log: string[];
let launcher: LocalLauncher;
let containers: string[];
const server = () =>
  createServer((request, answer) => {
    const path = (request.url ?? '').replace(/^\/v1\.41/, '');
    const id = /^\/containers\/(\w+)\?/.exec(path)?.[1];
    if (request.method === 'DELETE') containers = containers.filter((one) => one !== id);
    const list = path.startsWith('/containers/json') ? containers.map((Id) => ({ Id })) : [];
    const body = path.startsWith('/volumes') ? { Volumes: null } : list;
    answer.writeHead(200, { 'api-version': '1.41' }).end(JSON.stringify(body));
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-sweep-'));
  socket = join(folder, 'engine.sock');
  vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
  log = [];
  containers = [];
  launcher = new LocalLauncher({
    dataDir: folder,
    workDir: folder,
    endpoint: () => '',
    endpointFile: '',
    logDirOf: () => folder,
    log: (line) => log.push(line),
  });
});
afterEach(async () => {
  await launcher.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** What a node leaves that was killed. `mark`: what it wrote down of its engine; undefined for one without containers. */
function aDeadNode(instance: string, mark: string | undefined): string {
  const runDir = join(folder, 'nodes', instance);
  mkdirSync(runDir, { recursive: true });
  writeFileSync(join(runDir, 'node.json'), JSON.stringify({ pid: DEAD, boot: bootId() }));
  if (mark !== undefined) writeFileSync(join(runDir, MARK), mark);
  return runDir;
}

describe('a node that died', () => {
  it('with containers is gone only when they are', async () => {
    const engine = server();
    await new Promise<void>((listening) => engine.listen(socket, listening));
    const runDir = aDeadNode('n', '');
    containers = ['a', 'b'];
    await launcher.adopt('n')?.gone;
    expect(containers).toEqual([]);
    expect(existsSync(runDir)).toBe(false);
    engine.closeAllConnections();
    engine.close();
  });

  it('is rid of a container, too, that the engine made after it had died', async () => {
    const engine = server();
    let looks = 0;
    engine.prependListener('request', ({ url = '' }) => {
      // The last that is asked for when one looks.
      if (!url.includes('/networks')) return;
      if (looks === 0) containers = ['late'];
      looks += 1;
    });
    await new Promise<void>((listening) => engine.listen(socket, listening));
    aDeadNode('n', '');
    await launcher.adopt('n')?.gone;
    expect([looks, containers]).toEqual([3, []]);
    engine.closeAllConnections();
    engine.close();
  });

  it('is swept from its own engine, whichever the service has now', async () => {
    const engine = server();
    const other = join(folder, 'other.sock');
    await new Promise<void>((listening) => engine.listen(other, listening));
    const runDir = aDeadNode('n', `unix://${other}`);
    containers = ['a'];
    await launcher.adopt('n')?.gone;
    expect(containers).toEqual([]);
    expect(existsSync(runDir)).toBe(false);
    engine.closeAllConnections();
    engine.close();
  });

  it('without containers is gone at once, and no engine is asked', () => {
    const runDir = aDeadNode('n', undefined);
    expect(launcher.adopt('n')).toBeUndefined();
    expect(existsSync(runDir)).toBe(false);
    expect(log).toEqual([]);
  });

  it('is remembered while the engine is away, and swept when it is back', async () => {
    const runDir = aDeadNode('n', '');
    await launcher.adopt('n')?.gone;
    expect(existsSync(runDir)).toBe(true);
    expect(log).toEqual([
      expect.stringMatching(/^containers of node n may be left: no container engine answers/),
    ]);
    const engine = server();
    await new Promise<void>((listening) => engine.listen(socket, listening));
    containers = ['a'];
    launcher.sweep();
    await launcher.close();
    expect(containers).toEqual([]);
    expect(existsSync(runDir)).toBe(false);
    engine.closeAllConnections();
    engine.close();
  });
});
