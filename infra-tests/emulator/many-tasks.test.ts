import { expect, it } from 'vitest';
import { MAX_NODES } from './deploy-stack.ts';
import { describeDeployed } from './describe-deployed.ts';
import { killNode } from './node-containers.ts';
import { eventually, nodesOfJob, PATIENCE } from './nodes-of-job.ts';

const TASKS = 200;

describeDeployed('nodes of the deployed stack', (stack) => {
  const { api } = stack;

  it(`run ${TASKS} tasks on ${MAX_NODES} nodes, each task once`, async () => {
    const runnables = [
      { script: { text: 'echo "task $BATCH_TASK_INDEX on node $BATCH_NODE_INDEX"; sleep 0.1' } },
    ];
    const computeResource = { cpuMilli: 1000, memoryMib: 512 };
    const perNode = { taskCountPerNode: 1, parallelism: MAX_NODES };
    const group = { taskCount: TASKS, ...perNode, taskSpec: { runnables, computeResource } };
    const { uid = '' } = await api.createJob('many', { taskGroups: [group] });
    const ended = await api.waitForEnd('many', PATIENCE);
    expect(ended.status?.taskGroups?.group0?.counts).toEqual({ SUCCEEDED: String(TASKS) });
    expect(await nodesOfJob(stack, uid)).toHaveLength(MAX_NODES);
    const lines = await api.lines('many');
    const tasks = lines.map((line) => Number(line.split(' ')[1])).sort((a, b) => a - b);
    expect(tasks).toEqual(Array.from({ length: TASKS }, (_, index) => index));
    expect(new Set(lines.map((line) => line.split(' ').at(-1))).size).toBe(MAX_NODES);
  });

  it('are replaced when they are killed: the seat comes back one epoch later, and the job succeeds', async () => {
    const script =
      'echo "attempt $BATCH_TASK_RETRY_ATTEMPT"; [ "$BATCH_TASK_RETRY_ATTEMPT" = 1 ] || sleep 600';
    const taskSpec = { maxRetryCount: 1, runnables: [{ script: { text: script } }] };
    const { uid = '' } = await api.createJob('lossy', { taskGroups: [{ taskSpec }] });
    await api.waitForJob(
      'lossy',
      ({ status }) => status?.taskGroups?.group0?.counts?.RUNNING === '1',
      PATIENCE,
    );
    const [node] = await nodesOfJob(stack, uid);
    if (node === undefined) throw new Error('the job has no node');
    await killNode(node);
    const ended = await api.waitForEnd('lossy', PATIENCE);
    expect(ended.status?.state).toBe('SUCCEEDED');
    expect(await nodesOfJob(stack, uid)).toHaveLength(2);
    const [task] = await api.tasks('lossy');
    expect(task?.status?.statusEvents?.map(({ taskExecution }) => taskExecution?.exitCode)).toContain(50002);
    await eventually('its nodes have stopped', async () =>
      (await nodesOfJob(stack, uid)).every(({ lastStatus }) => lastStatus === 'STOPPED'),
    );
  });
});
