import { expect, it } from 'vitest';
import type { Job } from '../../shared/contract/job.ts';
import { describeDeployed } from './describe-deployed.ts';
import { eventually, isStopped, nodesOfJob, PATIENCE } from './nodes-of-job.ts';

const job = (text: string, group: object = {}, spec: object = {}) => ({
  taskGroups: [{ ...group, taskSpec: { ...spec, runnables: [{ script: { text } }] } }],
});
const isRunning = (one: Job) => one.status?.state === 'RUNNING';

describeDeployed('a job of the deployed stack', (stack) => {
  const { api, unsigned } = stack;
  const allStopped = async (uid: string) => {
    const nodes = await nodesOfJob(stack, uid);
    return nodes.length > 0 && nodes.every(isStopped);
  };

  it('is told to nobody who does not sign', async () => {
    await expect(unsigned.call('GET', `${unsigned.parent}/jobs`)).rejects.toThrow(/^UNAUTHENTICATED/);
    await expect(unsigned.createJob('unsigned', job('true'))).rejects.toThrow(/^UNAUTHENTICATED/);
  });

  it('is cancelled while it runs: its programs are killed and its nodes stop', async () => {
    const { uid = '' } = await api.createJob('cancelled', job('echo begun; sleep 600', { taskCount: 2 }));
    await api.waitForJob('cancelled', isRunning, PATIENCE);
    await api.call('POST', `${api.parent}/jobs/cancelled:cancel`, {});
    const ended = await api.waitForEnd('cancelled', PATIENCE);
    expect(ended.status?.state).toBe('CANCELLED');
    await eventually('its nodes stop', () => allStopped(uid));
  });

  it('is cancelled while it waits for its nodes', async () => {
    const { uid = '' } = await api.createJob('early', job('sleep 600'));
    await api.call('POST', `${api.parent}/jobs/early:cancel`, {});
    expect((await api.waitForEnd('early', PATIENCE)).status?.state).toBe('CANCELLED');
    await eventually('no node runs', async () => (await nodesOfJob(stack, uid)).every(isStopped));
  });

  it('is deleted while it runs: nothing of it is left', async () => {
    const { uid = '' } = await api.createJob('deleted', job('sleep 600'));
    await api.waitForJob('deleted', isRunning, PATIENCE);
    await api.call('DELETE', `${api.parent}/jobs/deleted`);
    await eventually('the job is gone', () =>
      api.getJob('deleted').then(
        () => false,
        (error: Error) => error.message.startsWith('NOT_FOUND'),
      ),
    );
    await eventually('its nodes stop', () => allStopped(uid));
  });

  it('goes by its lifecycle policies', async () => {
    const policy = { action: 'FAIL_TASK', actionCondition: { exitCodes: [3] } };
    const script = 'echo "attempt $BATCH_TASK_RETRY_ATTEMPT"; exit $((BATCH_TASK_INDEX == 0 ? 3 : 4))';
    await api.createJob(
      'policies',
      job(script, { taskCount: 2 }, { maxRetryCount: 2, lifecyclePolicies: [policy] }),
    );
    expect((await api.waitForEnd('policies', PATIENCE)).status?.state).toBe('FAILED');
    const attempts = (await api.tasks('policies')).map(
      ({ status }) => status?.statusEvents?.filter(({ taskExecution }) => taskExecution !== undefined).length,
    );
    expect(attempts).toEqual([1, 3]);
    expect((await api.lines('policies')).sort()).toEqual([
      'attempt 0',
      'attempt 0',
      'attempt 1',
      'attempt 2',
    ]);
  });
});
