import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { type DeployedStack, openDeployment } from '../emulator/deployed-stack.ts';
import { deploy } from '../emulator/deployment.ts';
import { eventually, isStopped, nodesOfJob } from '../emulator/nodes-of-job.ts';
import { type Run, report } from './report.ts';
import { readMeter, usageOf } from './usage.ts';

const TASKS = [10, 100, 1000];
const NODES = [1, 4];
const JOB_SECONDS = 900;
/** The change feed is read a little behind what is written. */
const FEED_MS = 5_000;

const folder = mkdtempSync(join(tmpdir(), 'sluice-cost-'));
const meterFile = join(folder, 'meter.jsonl');

// `npm run cost`: runs jobs of several sizes on the emulator, counts what AWS would charge for, and prices larger ones.
const { deployment, stop } = await deploy({ meterFile });
try {
  const stack = openDeployment(deployment);
  // First one that does not count: functions that have just started take longer than in a service that is used.
  await runJob(stack, 20, Math.max(...NODES));
  const runs: Run[] = [];
  for (const nodes of NODES) for (const tasks of TASKS) runs.push(await measured(stack, tasks, nodes));
  process.stdout.write(report(runs));
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measured(stack: DeployedStack, tasks: number, nodes: number): Promise<Run> {
  const before = readFileSync(meterFile, 'utf8').length;
  const begun = Date.now();
  await runJob(stack, tasks, nodes);
  const usage = usageOf(readMeter(readFileSync(meterFile, 'utf8').slice(before)));
  process.stderr.write(`${tasks} tasks on ${nodes} nodes: ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
  return { tasks, nodes, usage };
}

/** Runs a job of short tasks to its end, and waits until nothing of it goes on. Looks past the API, whose calls count. */
async function runJob(stack: DeployedStack, tasks: number, nodes: number): Promise<void> {
  const { api, clients, outputs } = stack;
  const jobId = `cost-${tasks}-${nodes}`;
  const taskSpec = {
    runnables: [{ script: { text: ':' } }],
    computeResource: { cpuMilli: 1000, memoryMib: 512 },
  };
  const group = { taskCount: tasks, parallelism: nodes, taskCountPerNode: 1, taskSpec };
  const { uid = '' } = await api.createJob(jobId, { taskGroups: [group] });
  const executionArn = `${outputs.StateMachine.replace(':stateMachine:', ':execution:')}:${uid}`;
  const status = await eventually(
    `${jobId} ends`,
    async () => {
      const ask = new DescribeExecutionCommand({ executionArn });
      const execution = await clients.sfn.send(ask).catch(() => undefined);
      return execution?.status !== 'RUNNING' && execution?.status;
    },
    JOB_SECONDS,
  );
  if (status !== 'SUCCEEDED') throw new Error(`the run of ${jobId} has ended as ${status}`);
  const found = await nodesOfJob(stack, uid);
  if (found.length !== nodes) throw new Error(`${jobId} had ${found.length} nodes, not ${nodes}`);
  await eventually('its nodes stop', async () => (await nodesOfJob(stack, uid)).every(isStopped));
  await pause(FEED_MS);
}
