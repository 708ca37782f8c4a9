import { DescribeTaskDefinitionCommand, type Task } from '@aws-sdk/client-ecs';
import { GetExecutionHistoryCommand, ListExecutionsCommand, ListMapRunsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Container } from '../../shared/contract/runnable.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { describeDeployed } from './describe-deployed.ts';
import { eventually, nodesOfJob } from './nodes-of-job.ts';

const sh = (script: string, more: Container = {}): Container => ({
  imageUri: 'busybox',
  entrypoint: '/bin/sh',
  commands: ['-c', script],
  ...more,
});
const closed = (script: string) => sh(script, { blockExternalNetwork: true });
const serving = (container: Container) => ({ container, background: true });
const HTTPD = 'mkdir /tmp/www; echo hello > /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www';

/** A job of one task, whose runnables are containers. */
function jobOf(runnables: object[], group: object = {}) {
  const computeResource = { cpuMilli: 500, memoryMib: 256 };
  return { taskGroups: [{ taskSpec: { runnables, computeResource }, ...group }] };
}

describeDeployed('a closed network on the deployed stack', (stack) => {
  const { api } = stack;
  // Not `wget`, which looks names up even where there are none.
  const ask = (address: string) =>
    `(printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 ${address} 8080 2>/dev/null | grep hello || echo cut off from ${address})`;
  const outcomeOf = async (jobId: string, containers: object[]) => {
    const { uid = '' } = await api.createJob(jobId, jobOf(containers));
    expect((await api.waitForEnd(jobId, 200)).status?.state, jobId).toBe('SUCCEEDED');
    const { lines, tasks } = await api.outcome(jobId);
    const [node, ...others] = await nodesOfJob(stack, uid);
    expect([node === undefined, others]).toEqual([false, []]);
    return { lines, task: tasks[0], node: node as Task, run: await runOf(stack, uid) };
  };
  let outside = '';

  // An open job that others may ask: it has an address in the network of this machine's containers.
  beforeAll(async () => {
    const runnables = [
      serving(sh(HTTPD)),
      { container: sh('echo at $(hostname -i)/; sleep 600'), timeout: '600s' },
    ];
    await api.createJob('outside', jobOf(runnables));
    outside = await eventually('there is somebody outside', async () => {
      const line = (await api.lines('outside')).find((text) => text.startsWith('at '));
      return line === undefined ? undefined : /at ([\d.]+)/.exec(line)?.[1];
    });
  }, 260_000);
  afterAll(async () => {
    await api.call('POST', `${api.parent}/jobs/outside:cancel`, {});
    await api.waitForEnd('outside', 120);
  }, 130_000);

  it('lets containers of its kind talk to each other, and to nobody whom open ones reach', async () => {
    const open = await outcomeOf('open-asks', [{ container: sh(ask(outside)) }]);
    expect(open.lines).toEqual(['hello']);

    const inside = await outcomeOf('closed-asks', [
      serving(closed(HTTPD)),
      { container: closed(`until ${ask('127.0.0.1')} | grep hello; do sleep 0.2; done; ${ask(outside)}`) },
    ]);
    expect(inside.lines).toEqual(['hello', `cut off from ${outside}`]);
    // Its reports came all the same.
    expect(inside.task?.status?.state).toBe('SUCCEEDED');

    expect(inside.run.assignPublicIp).toBe('DISABLED');
    expect(inside.run.securityGroups).toHaveLength(1);
    expect(inside.run.securityGroups).not.toEqual(open.run.securityGroups);
    for (const { run, node } of [open, inside]) expect(run.subnets).toContain(subnetOf(node));
    expect(open.run.subnets).not.toContain(subnetOf(inside.node));
    expect(await endpointOf(stack, inside.node)).not.toBe(await endpointOf(stack, open.node));
  }, 460_000);

  it('has an API that nobody else reaches, and that has the calls of nodes alone', async () => {
    const { node } = await outcomeOf('closed-short', [{ container: closed('true') }]);
    const address = (await endpointOf(stack, node)).replace(/^http:\/\/[^/]+/, stack.target.endpoint);
    const claim = await fetch(`${address}/v1/nodes:claim`, { method: 'POST', body: '{}' });
    expect([claim.status, await claim.json()]).toMatchObject([
      403,
      { error: { status: 'PERMISSION_DENIED' } },
    ]);
    const jobs = await fetch(`${address}/v1/${api.parent}/jobs`);
    expect(jobs.status).toBeGreaterThanOrEqual(400);
  }, 230_000);

  it('takes no group that is mixed: the paths say what is beside whom', async () => {
    const mixed = jobOf([
      { container: closed('true') },
      { script: { text: 'true' } },
      { container: sh('true') },
    ]);
    await expect(api.createJob('mixed', mixed)).rejects.toMatchObject({
      cause: {
        details: [
          {
            fieldViolations: [
              { field: 'taskGroups[0].taskSpec.runnables[1].script' },
              { field: 'taskGroups[0].taskSpec.runnables[2].container.blockExternalNetwork' },
            ],
          },
        ],
      },
    });
  });
});

/** What the state machine was to run as the one node of a job. */
async function runOf({ clients, outputs }: DeployedStack, uid: string) {
  const executionArn = `${outputs.StateMachine.replace(':stateMachine:', ':execution:')}:${uid}`;
  const { mapRuns = [] } = await clients.sfn.send(new ListMapRunsCommand({ executionArn }));
  const { executions = [] } = await clients.sfn.send(
    new ListExecutionsCommand({ mapRunArn: mapRuns[0]?.mapRunArn }),
  );
  const ask = new GetExecutionHistoryCommand({ executionArn: executions[0]?.executionArn });
  const { events = [] } = await clients.sfn.send(ask);
  const entered = events.flatMap(({ stateEnteredEventDetails: state }) => state ?? []);
  const input = entered.find(({ name }) => name === 'RunNode')?.input ?? '{}';
  const { node } = JSON.parse(input) as { node: { run: Record<string, string | string[]> } };
  return node.run;
}

function subnetOf({ attachments = [] }: Task): string | undefined {
  return attachments[0]?.details?.find(({ name }) => name === 'subnetId')?.value;
}

/** Where a node reports to. */
async function endpointOf({ clients }: DeployedStack, { taskDefinitionArn: taskDefinition }: Task) {
  const { taskDefinition: made } = await clients.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition }),
  );
  const variables = made?.containerDefinitions?.[0]?.environment ?? [];
  return variables.find(({ name }) => name === 'SLUICE_ENDPOINT')?.value ?? '';
}
