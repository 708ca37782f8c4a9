import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { describeDeployed } from './describe-deployed.ts';
import { eventually, isStopped, nodesOfJob, PATIENCE } from './nodes-of-job.ts';

const sleeping = { taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'sleep 600' } }] } }] };
const script = (text: string) => ({ script: { text } });

describeDeployed('the state machine of the deployed stack', (stack) => {
  const { api, clients, outputs } = stack;
  const executionOf = (uid: string) =>
    outputs.StateMachine.replace(':stateMachine:', ':execution:').concat(`:${uid}`);

  /** The states that an execution has entered, in their order. */
  async function entered(executionArn: string): Promise<string[]> {
    const names: string[] = [];
    for (let nextToken: string | undefined; ; ) {
      const ask = new GetExecutionHistoryCommand({ executionArn, nextToken, maxResults: 1000 });
      const page = await clients.sfn.send(ask);
      names.push(...(page.events ?? []).flatMap(({ stateEnteredEventDetails: state }) => state?.name ?? []));
      nextToken = page.nextToken;
      if (nextToken === undefined) return names;
    }
  }

  it('shows the stages of a job between its plan and its end, and a seat for each of its nodes', async () => {
    const runnables = [
      script('echo one'),
      { barrier: {} },
      script('echo two'),
      { barrier: {} },
      script('sleep 1'),
    ];
    const group = { taskCount: 2, taskCountPerNode: 1, taskSpec: { runnables } };
    const { uid = '' } = await api.createJob('staged', { taskGroups: [group] });
    expect((await api.waitForEnd('staged', PATIENCE)).status?.state).toBe('SUCCEEDED');
    const executionArn = executionOf(uid);
    const status = () => clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    await eventually('the execution ends', async () => (await status()).status !== 'RUNNING');
    expect((await status()).status).toBe('SUCCEEDED');
    const states = await entered(executionArn);
    expect(states.slice(0, 2)).toEqual(['Plan', 'Groups']);
    expect(states.slice(-2)).toEqual(['Finish', 'Finished']);
    for (const name of ['WaitForTurn', 'ListSeats', 'RunGroup', 'Nodes']) expect(states).toContain(name);
    const stages = states.filter((name) => name === 'WaitForStage').length;
    expect(stages).toBeGreaterThanOrEqual(1);
    expect(stages).toBeLessThanOrEqual(3);
    const { mapRuns = [] } = await clients.sfn.send(new ListMapRunsCommand({ executionArn }));
    expect(mapRuns).toHaveLength(1);
    const { mapRunArn } = mapRuns[0] ?? {};
    const run = await clients.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    expect(run.itemCounts).toMatchObject({ total: 2, succeeded: 2, failed: 0 });
    const { executions = [] } = await clients.sfn.send(new ListExecutionsCommand({ mapRunArn }));
    expect(executions).toHaveLength(2);
  });

  it('has the job given up whose execution is stopped before its nodes are there', async () => {
    const { uid = '' } = await api.createJob('unbegun', sleeping);
    const executionArn = executionOf(uid);
    await eventually('the execution is started', () =>
      clients.sfn.send(new DescribeExecutionCommand({ executionArn })).catch(() => undefined),
    );
    await clients.sfn.send(new StopExecutionCommand({ executionArn }));
    const ended = await api.waitForEnd('unbegun', PATIENCE);
    expect(ended.status?.state).toBe('FAILED');
    expect(ended.status?.statusEvents?.at(-1)?.description).toMatch(/run broke off \(ABORTED\)/);
  });

  it('stops the nodes of an execution that is stopped, and the job fails', async () => {
    const { uid = '' } = await api.createJob('stopped', sleeping);
    await api.waitForJob('stopped', ({ status }) => status?.state === 'RUNNING', PATIENCE);
    await clients.sfn.send(new StopExecutionCommand({ executionArn: executionOf(uid) }));
    expect((await api.waitForEnd('stopped', PATIENCE)).status?.state).toBe('FAILED');
    await eventually('its node stops', async () => (await nodesOfJob(stack, uid)).every(isStopped));
  });
});
