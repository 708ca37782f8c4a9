import { setTimeout as pause } from 'node:timers/promises';
import { ListTasksCommand } from '@aws-sdk/client-ecs';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { CLUSTER, clientsFor } from './aws-clients.ts';
import type { Deployment } from './deployment.ts';

const PATIENCE_MS = 60_000;

/** Throws when an execution or a node still runs a minute from now: jobs that ended or were deleted leave none behind. */
export async function checkNothingRuns({ target, outputs }: Deployment): Promise<void> {
  const { ecs, sfn } = clientsFor(target);
  const running = new ListExecutionsCommand({
    stateMachineArn: outputs.StateMachine,
    statusFilter: 'RUNNING',
  });
  for (const end = Date.now() + PATIENCE_MS; ; await pause(500)) {
    const { taskArns = [] } = await ecs.send(
      new ListTasksCommand({ cluster: CLUSTER, desiredStatus: 'RUNNING' }),
    );
    const { executions = [] } = await sfn.send(running);
    const left = [...taskArns, ...executions.map(({ executionArn }) => executionArn)];
    if (left.length === 0) return;
    if (Date.now() > end) throw new Error(`still running when all tests are through:\n${left.join('\n')}`);
  }
}
