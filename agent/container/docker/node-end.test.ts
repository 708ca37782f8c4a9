import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeService } from '../../testing/fake-service.ts';
import { type StartedAgent, startAgent } from '../../testing/run-agent.ts';
import { MARK } from './docker-engine.ts';

let folder: string;
let service: FakeService;
let agent: StartedAgent | undefined;
let asked: string[];
/** An engine that has every image and can make nothing. */
const engine = () =>
  createServer((request, answer) => {
    const path = (request.url ?? '').replace(/^\/v1\.41|\?.*$/g, '');
    asked.push(`${request.method} ${path}`);
    const list = path === '/containers/json' || path === '/networks' ? [] : undefined;
    answer.writeHead(request.method === 'POST' ? 500 : 200, { 'api-version': '1.41' });
    answer.end(
      JSON.stringify(list ?? { Id: 'sha256:1', NCPU: 1, Volumes: null, message: 'the disk is full' }),
    );
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-node-end-'));
  asked = [];
  const taskSpec = { runnables: [{ container: { imageUri: 'busybox', commands: ['true'] } }] };
  const assignment = { jobUid: 'u', jobId: 'j', groupId: 'group0', taskSlots: 1, taskSpec };
  service = new FakeService({ taskCount: 1, assignment });
  agent = undefined;
});
afterEach(async () => {
  agent?.process.kill('SIGKILL');
  await agent?.exit;
  await service.close();
  for (const each of [folder, agent?.folder ?? '']) rmSync(each, { recursive: true, force: true });
});

/** Runs the task, which fails; then the engine has gone, if it is to be away, and the job ends. */
async function endOf(away: 'at the end' | 'always' | 'never'): Promise<{ code: number; runDir: string }> {
  const socket = join(folder, 'engine.sock');
  const server = engine();
  if (away !== 'always') await new Promise<void>((listening) => server.listen(socket, listening));
  agent = startAgent(await service.listen(), {}, { ...process.env, DOCKER_HOST: `unix://${socket}` });
  await service.done();
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  if (away === 'at the end') stop();
  service.refusal = { code: 400, status: 'FAILED_PRECONDITION' };
  service.nudge();
  const code = await agent.exit;
  stop();
  return { code, runDir: agent.config.runDir };
}

describe('a node that has run containers', () => {
  it('and cannot see whether some are left says so: it ends badly, and its mark stays', async () => {
    const { code, runDir } = await endOf('at the end');
    expect(asked).toContain('POST /containers/create');
    expect(code).toBe(1);
    expect(readFileSync(join(runDir, MARK), 'utf8')).toBe(`unix://${folder}/engine.sock`);
  });

  it.each(['always', 'never'] as const)('leaves nothing behind when its engine is %s away', async (away) => {
    const { code, runDir } = await endOf(away);
    expect(code).toBe(0);
    expect(existsSync(runDir)).toBe(false);
  });
});
