import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually, ServedProcess } from '../../local/testing/served-process.ts';
import { temporaryFolder } from '../../local/testing/service-for-test.ts';
import { BatchApi } from '../../shared/testing/acceptance/batch-api.ts';
import { describeWithDocker } from './describe-with-docker.ts';
import { leftInEngine, runningContainers } from './left-in-engine.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

await describeWithDocker('containers that misbehave', ({ engine }) => {
  const dataDir = join(temporaryFolder(), 'data');
  const served = new ServedProcess(dataDir);
  const api = () => new BatchApi(served.endpoint);
  beforeAll(() => served.start());
  afterAll(async () => {
    const agents = served.agents();
    await served.kill();
    for (const pid of agents) process.kill(pid, 'SIGTERM');
  });

  const shell = (text: string, more: object = {}) => ({
    container: { imageUri: 'sluice-test/busybox:1', commands: ['sh', '-c', text] },
    ...more,
  });
  const job = (runnables: object[], group: object = {}, spec: object = {}) => ({
    taskGroups: [{ ...group, taskSpec: { ...spec, runnables } }],
  });
  /** Creates a job, and resolves with its uid once so many of its containers run. */
  async function started(name: string, body: object, containers: number): Promise<string> {
    const { uid = '' } = await api().createJob(name, body);
    const runs = async () => (await runningContainers(engine, uid)).length === containers;
    await eventually(`${containers} containers of ${name} run`, runs, 90);
    return uid;
  }
  async function ended(name: string) {
    await api().waitForEnd(name, 120);
    const { job: of, tasks, lines } = await api().outcome(name);
    const events = tasks[0]?.status?.statusEvents ?? [];
    const exitCode = events.findLast(({ taskExecution }) => taskExecution)?.taskExecution?.exitCode;
    return { state: of.status?.state, exitCode, lines, events: events.map(({ description }) => description) };
  }

  it('ignores TERM: it is killed, and gone', async () => {
    const text = 'trap "" TERM; echo up; while :; do sleep 0.2; done';
    await api().createJob('stubborn', job([shell(text, { timeout: '10s' })]));
    expect(await ended('stubborn')).toMatchObject({ state: 'FAILED', exitCode: 50005, lines: ['up'] });
    await eventually('nothing is left', async () => (await leftInEngine(engine, dataDir)) === 0);
  });

  it('writes 100 MB: every line is there, and the agent stays small', async () => {
    const text = `yes ${'x'.repeat(999)} | head -n 100000; echo end >&2`;
    await api().createJob('talker', job([shell(text)]));
    await eventually('the agent is at it', () => served.agents().length > 0);
    const [agent] = served.agents();
    const { state, lines } = await ended('talker');
    expect(state).toBe('SUCCEEDED');
    const long = lines.filter((line) => line.length === 999);
    expect(long).toHaveLength(100_000);
    expect(lines.filter((line) => line.length !== 999)).toEqual(['end']);
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${agent}/status`, 'utf8'))?.[1];
    expect(Number(peak)).toBeLessThan(300_000);
  });

  it.each([
    ['forks and exits', '(sleep 600; echo never) & echo out; exit 3', ''],
    ['exits while a child holds the pipe', 'sh -c "trap : TERM; sleep 600" & echo out; exit 3', ''],
    ['does so below an init', '(sleep 600; echo never) & echo out; exit 3', '--init'],
  ])('%s: that is its end', async (name, text, options) => {
    const id = name.replaceAll(' ', '-');
    const runnable = shell(text);
    await api().createJob(id, job([{ container: { ...runnable.container, options } }]));
    expect(await ended(id)).toMatchObject({ state: 'FAILED', exitCode: 3, lines: ['out'] });
  });

  it('is killed from outside: that is said', async () => {
    const uid = await started('killed', job([shell('sleep 600')]), 1);
    for (const { Id } of await runningContainers(engine, uid)) {
      await engine.call('POST', `/containers/${Id}/kill`, { query: { signal: 'SIGKILL' } });
    }
    const { state, exitCode, events } = await ended('killed');
    expect({ state, exitCode }).toEqual({ state: 'FAILED', exitCode: 137 });
    expect(events).toContain(
      'container at index #0 ended with exit code 137: it was killed (SIGKILL), and not by this service',
    );
  });

  describe('and an agent that is killed', () => {
    const eight = { taskCount: 8, parallelism: 8, taskCountPerNode: 8 };
    const spec = {
      computeResource: { cpuMilli: '100', memoryMib: '16' },
      maxRetryCount: 1,
      volumes: [{ deviceName: 'd', mountPath: '/d' }],
    };
    const text = '[ "$BATCH_TASK_RETRY_ATTEMPT" = 1 ] || sleep 600';

    it('while eight containers run, leaves none of them; its tasks are run again', async () => {
      const uid = await started('eight', job([shell(text)], eight, spec), 8);
      for (const pid of served.agents()) process.kill(pid, 'SIGKILL');
      expect((await ended('eight')).state).toBe('SUCCEEDED');
      expect(await runningContainers(engine, uid)).toEqual([]);
      expect(await leftInEngine(engine, dataDir)).toBe(0);
    });

    it('together with the service: the next start of the service sweeps', async () => {
      const uid = await started('both', job([shell(text)], eight, spec), 8);
      const agents = served.agents();
      await served.kill();
      for (const pid of agents) process.kill(pid, 'SIGKILL');
      expect(await runningContainers(engine, uid)).toHaveLength(8);
      await served.start();
      expect((await ended('both')).state).toBe('SUCCEEDED');
      expect(await leftInEngine(engine, dataDir)).toBe(0);
    });
  });

  it('a service that is killed alone finds its containers again', async () => {
    const uid = await started('alone', job([shell('sleep 5; echo slept')]), 1);
    const before = await runningContainers(engine, uid);
    await served.kill();
    await served.start();
    expect((await runningContainers(engine, uid)).map(({ Id }) => Id)).toEqual(before.map(({ Id }) => Id));
    expect(await ended('alone')).toMatchObject({ state: 'SUCCEEDED', lines: ['slept'] });
  });

  it.each(['cancel', 'delete'])('%s ends containers that ignore TERM', async (verb) => {
    const text = 'trap "" TERM; while :; do sleep 0.2; done';
    const spec = { computeResource: { cpuMilli: '100' }, volumes: [{ deviceName: 'd', mountPath: '/d' }] };
    const group = { taskCount: 4, taskCountPerNode: 2 };
    await started(verb, job([shell(text), shell(text, { alwaysRun: true })], group, spec), 4);
    const name = `${api().parent}/jobs/${verb}`;
    if (verb === 'cancel') {
      await api().call('POST', `${name}:cancel`, {});
      expect((await ended(verb)).state).toBe('CANCELLED');
    } else {
      await api().call('DELETE', name);
      const isGone = async () =>
        !(await api()
          .getJob(verb)
          .catch(() => undefined));
      await eventually('the job is gone', isGone, 60);
    }
    await eventually('nothing is left', async () => (await leftInEngine(engine, dataDir)) === 0);
  });

  it('cancel while images are pulled and containers created leaves nothing', async () => {
    await api().createJob('early', job([shell('sleep 600')], { taskCount: 20 }));
    await eventually('an agent has begun', async () => (await leftInEngine(engine, dataDir)) > 0, 60);
    await api().call('POST', `${api().parent}/jobs/early:cancel`, {});
    expect((await ended('early')).state).toBe('CANCELLED');
    await eventually('nothing is left', async () => (await leftInEngine(engine, dataDir)) === 0);
  });
});
