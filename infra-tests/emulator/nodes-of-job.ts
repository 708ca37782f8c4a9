import { setTimeout as pause } from 'node:timers/promises';
import { DescribeTasksCommand, type DesiredStatus, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { CLUSTER } from './aws-clients.ts';
import type { DeployedStack } from './deployed-stack.ts';

/** The ECS tasks that were started as nodes of a job, running or stopped. ECS forgets stopped ones after an hour. */
export async function nodesOfJob({ clients }: DeployedStack, jobUid: string): Promise<Task[]> {
  const lists = await Promise.all(
    (['RUNNING', 'STOPPED'] satisfies DesiredStatus[]).map((desiredStatus) =>
      clients.ecs.send(new ListTasksCommand({ cluster: CLUSTER, desiredStatus })),
    ),
  );
  const arns = lists.flatMap(({ taskArns }) => taskArns ?? []);
  const found: Task[] = [];
  for (let from = 0; from < arns.length; from += 100) {
    const ask = new DescribeTasksCommand({ cluster: CLUSTER, tasks: arns.slice(from, from + 100) });
    found.push(...((await clients.ecs.send(ask)).tasks ?? []));
  }
  return found.filter((task) => isOf(task, jobUid));
}

/** A node is started with a claim that names its job. */
function isOf(task: Task, jobUid: string): boolean {
  const given = task.overrides?.containerOverrides?.flatMap(({ environment }) => environment ?? []) ?? [];
  return given.some(({ name, value }) => name === 'SLUICE_CLAIM' && value?.includes(jobUid));
}

export const isStopped = (task: Task) => task.lastStatus === 'STOPPED';

/** Seconds that anything may take on a machine that is busy with other tests too; a quiet one needs a tenth. */
export const PATIENCE = 240;

/** Resolves with what `look` finds, once it finds something. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined | false>,
  seconds = PATIENCE,
): Promise<Found> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(400)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}
