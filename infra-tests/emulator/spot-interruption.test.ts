import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { expect, it } from 'vitest';
import { CLUSTER } from './aws-clients.ts';
import { describeDeployed } from './describe-deployed.ts';
import { eventually, isStopped, nodesOfJob, PATIENCE } from './nodes-of-job.ts';
import { SubscribedQueue } from './subscribed-queue.ts';

/** What ECS gives as the reason; the emulator, asked to stop a task for it, does as if AWS wanted its capacity back. */
const INTERRUPTION = 'Your Spot Task was interrupted.';

describeDeployed('a Spot node that AWS takes back', (stack) => {
  const { api, clients, outputs } = stack;

  /** Creates a job on Spot, and takes its node back as soon as its first task runs. */
  async function interrupted(jobId: string, text: string, maxRetryCount: number, group: object = {}) {
    const { uid = '' } = await api.createJob(jobId, {
      taskGroups: [{ ...group, taskSpec: { maxRetryCount, runnables: [{ script: { text } }] } }],
      allocationPolicy: { instances: [{ policy: { provisioningModel: 'SPOT' } }] },
    });
    await eventually('its task runs', async () => (await api.lines(jobId)).includes('task 0, attempt 0'));
    const [node] = await nodesOfJob(stack, uid);
    expect(node?.capacityProviderName).toBe('FARGATE_SPOT');
    await clients.ecs.send(
      new StopTaskCommand({ cluster: CLUSTER, task: node?.taskArn, reason: INTERRUPTION }),
    );
    const ended = await api.waitForEnd(jobId, PATIENCE);
    await eventually('its nodes have stopped', async () => (await nodesOfJob(stack, uid)).every(isStopped));
    return { state: ended.status?.state, nodes: await nodesOfJob(stack, uid) };
  }

  /** What became of a task, attempt by attempt. */
  async function endsOf(jobId: string, task: number): Promise<string[]> {
    const tasks = await api.tasks(jobId);
    return (tasks[task]?.status?.statusEvents ?? [])
      .filter(({ taskState }) => taskState === 'SUCCEEDED' || taskState === 'FAILED')
      .map(({ description = '' }) => description.replace(/zones\/\S+\/instances\/\d+/, 'NODE'));
  }

  const hello = 'echo "task $BATCH_TASK_INDEX, attempt $BATCH_TASK_RETRY_ATTEMPT"';
  const SUCCEEDED = 'Task state is updated from RUNNING to SUCCEEDED on NODE.';
  const PREEMPTED =
    'Task state is updated from RUNNING to FAILED on NODE due to Spot VM preemption with exit code 50001.';

  it('lets the task that runs come to its end, and the next one has another node', async () => {
    const job = await interrupted('spot-short', `${hello}; sleep 15`, 0, { taskCount: 2, parallelism: 1 });
    expect(job.state).toBe('SUCCEEDED');
    expect(job.nodes.map(({ stopCode }) => stopCode).sort()).toEqual([
      'EssentialContainerExited',
      'SpotInterruption',
    ]);
    expect(await endsOf('spot-short', 0)).toEqual([SUCCEEDED]);
    expect(await endsOf('spot-short', 1)).toEqual([SUCCEEDED]);
  });

  it('ends a task that goes on, in time to say so: an attempt with 50001, and another one where there is one left', async () => {
    const told = await SubscribedQueue.subscribe(clients, outputs.NodeTopic, { JobId: ['spot-again'] });
    // Says when it is asked to end. What it is replaced by has nothing more to do.
    const text = `trap 'echo asked to end; exit 1' TERM
${hello}
[ "$BATCH_TASK_RETRY_ATTEMPT" = 1 ] || { sleep 600 & wait $!; }`;
    const [again, once] = await Promise.all([
      interrupted('spot-again', text, 1),
      interrupted('spot-once', text, 0),
    ]);
    expect([again.state, again.nodes.length]).toEqual(['SUCCEEDED', 2]);
    expect(await endsOf('spot-again', 0)).toEqual([PREEMPTED, SUCCEEDED]);
    // A shell may also say of its `sleep`, which is asked to end beside it, that it was.
    const said = (await api.lines('spot-again')).filter((line) => line !== 'Terminated');
    expect(said).toEqual(['task 0, attempt 0', 'asked to end', 'task 0, attempt 1']);
    expect([once.state, once.nodes.length]).toEqual(['FAILED', 1]);
    expect(await endsOf('spot-once', 0)).toEqual([PREEMPTED]);

    await told.until(({ attributes }) => attributes.EventName === 'COMPUTE_ENV_DELETED');
    const ofFirst = told.events.filter(({ subject }) => subject.endsWith('/nodes/0.1'));
    expect([...new Set(ofFirst.map(({ attributes }) => attributes.EventName))]).toEqual([
      'COMPUTE_NODE_CREATED',
      'COMPUTE_NODE_RUNNING',
      'COMPUTE_NODE_DELETING',
      'COMPUTE_NODE_ABNORMAL',
    ]);
  });
});
