import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../shared/contract/job.ts';
import { BatchApi } from '../shared/testing/acceptance/batch-api.ts';
import { eventually, processesWith, ServedProcess } from './testing/served-process.ts';
import { temporaryFolder } from './testing/service-for-test.ts';

const folder = temporaryFolder();
let served: ServedProcess;
let test = 0;

beforeEach(async () => {
  test += 1;
  served = new ServedProcess(join(folder, `data-${test}`));
  await served.start();
});
afterEach(async () => {
  const agents = served.agents();
  await served.kill();
  for (const pid of agents) process.kill(pid, 'SIGTERM');
});

const api = () => new BatchApi(served.endpoint);
const job = (text: string, group: object = {}, spec: object = {}) => ({
  taskGroups: [{ ...group, taskSpec: { ...spec, runnables: [{ script: { text } }] } }],
});
const running = (one: Job) => one.status?.state === 'RUNNING';
/** A sleep that can be told from all others by its length. */
const uniqueSleep = () => `${600 + Math.floor(Math.random() * 1e6)}.5`;

// Each start of a service takes a second or several, on a machine that has other things to do.
describe('a service that is killed', { timeout: 120_000 }, () => {
  it('loses nothing, runs no task twice and goes on with the nodes it had', async () => {
    const ran = join(folder, `ran-${test}`);
    await api().createJob(
      'killed',
      job(`sleep 0.02; echo "$BATCH_TASK_INDEX" >> ${ran}`, { taskCount: 300 }),
    );
    for (let time = 0; time < 5; time += 1) {
      const before = existsSync(ran) ? readFileSync(ran, 'utf8').length : 0;
      await eventually('tasks go on', () => existsSync(ran) && readFileSync(ran, 'utf8').length > before);
      const agents = served.agents();
      await served.kill();
      await served.start();
      expect(served.agents()).toEqual(agents);
    }
    const ended = await api().waitForEnd('killed');
    expect(ended.status?.state).toBe('SUCCEEDED');
    expect(ended.status?.taskGroups?.group0?.counts).toEqual({ SUCCEEDED: '300' });
    const indices = readFileSync(ran, 'utf8').trim().split('\n').map(Number);
    expect(indices.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index));
  });

  it('has every job that was acknowledged, at whatever instant it is killed', async () => {
    const acknowledged: string[] = [];
    const creating = (async () => {
      for (let order = 0; ; order += 1) {
        await api().createJob(`ack-${order}`, job(':'));
        acknowledged.push(`ack-${order}`);
      }
    })().catch(() => undefined);
    await eventually('some are acknowledged', () => acknowledged.length >= 20);
    await served.kill();
    await creating;
    await served.start();
    for (const name of acknowledged) expect((await api().waitForEnd(name)).status?.state).toBe('SUCCEEDED');
  });

  it('replaces nodes that died with it', async () => {
    const sleep = uniqueSleep();
    const script = `[ "$BATCH_TASK_RETRY_ATTEMPT" = 1 ] || sleep ${sleep}`;
    await api().createJob('both', job(script, { taskCount: 2 }, { maxRetryCount: 1 }));
    await eventually('both tasks run', () => processesWith(`sleep ${sleep}`).length === 2);
    // A task that the service has not heard of is no attempt when its node is lost: it would sleep again.
    await eventually('the service knows it', async () =>
      (await api().tasks('both')).every((task) => task.status?.state === 'RUNNING'),
    );
    const agents = served.agents();
    await served.kill();
    for (const pid of agents) process.kill(pid, 'SIGKILL');
    await served.start();
    expect((await api().waitForEnd('both')).status?.state).toBe('SUCCEEDED');
    expect(processesWith(`sleep ${sleep}`)).toEqual([]);
  });
});

describe('an agent that is killed', () => {
  it('has its tasks retried on the next node, and leaves no process behind', async () => {
    const sleep = uniqueSleep();
    const script = `[ "$BATCH_TASK_RETRY_ATTEMPT" = 1 ] || sleep ${sleep}`;
    const policy = { action: 'RETRY_TASK', actionCondition: { exitCodes: [50002] } };
    await api().createJob(
      'agent',
      job(script, { taskCount: 4 }, { maxRetryCount: 1, lifecyclePolicies: [policy] }),
    );
    await eventually('tasks run', () => processesWith(`sleep ${sleep}`).length > 0);
    while (
      !(await api()
        .waitForEnd('agent', 0.5)
        .catch(() => undefined))
    ) {
      for (const pid of served.agents().slice(0, 1)) {
        if (processesWith(`sleep ${sleep}`).length > 0) process.kill(pid, 'SIGKILL');
      }
    }
    expect((await api().getJob('agent')).status?.state).toBe('SUCCEEDED');
    expect(processesWith(`sleep ${sleep}`)).toEqual([]);
    const events =
      (await api().tasks('agent'))[0]?.status?.statusEvents?.map((event) => event.description) ?? [];
    expect(events).toContainEqual(
      expect.stringMatching(
        /^Task state is updated from RUNNING to FAILED on zones\/[^/]+\/instances\/\d+ due to Batch no longer receives VM updates with exit code 50002\.$/,
      ),
    );
  });

  it('fails its tasks with 50002 where no retry is left', async () => {
    const sleep = uniqueSleep();
    await api().createJob('lost', job(`sleep ${sleep}`));
    await eventually('the task runs', () => processesWith(`sleep ${sleep}`).length > 0);
    await api().waitForJob('lost', running);
    for (const pid of served.agents()) process.kill(pid, 'SIGKILL');
    const ended = await api().waitForEnd('lost');
    expect(ended.status?.state).toBe('FAILED');
    expect(ended.status?.statusEvents?.at(-1)?.description).toMatch(/with exit code 50002\."$/);
    expect(processesWith(`sleep ${sleep}`)).toEqual([]);
  });
});

describe('cancel and delete', () => {
  it.each([
    ['at once', 0],
    ['while tasks run', 300],
  ])('%s leave no process behind', async (_, ms) => {
    const sleep = uniqueSleep();
    const stubborn = `trap '' TERM; (sleep ${sleep}) & sleep ${sleep}`;
    for (const verb of ['cancel', 'delete'] as const) {
      await api().createJob(verb, job(stubborn, { taskCount: 10 }));
      await new Promise((next) => setTimeout(next, ms));
      const name = `${api().parent}/jobs/${verb}`;
      if (verb === 'cancel') await api().call('POST', `${name}:cancel`, {});
      else await api().call('DELETE', name);
    }
    expect((await api().waitForEnd('cancel')).status?.state).toBe('CANCELLED');
    await eventually(
      'the deleted job is gone',
      async () =>
        !(await api()
          .getJob('delete')
          .catch(() => undefined)),
    );
    expect(processesWith(`sleep ${sleep}`)).toEqual([]);
    const counts = (await api().getJob('cancel')).status?.taskGroups?.group0?.counts ?? {};
    expect(Object.values(counts).reduce((sum, count) => sum + Number(count), 0)).toBe(10);
  });
});
