import type { PriceList } from './price-list.ts';

/** The smallest Fargate task. */
const SMALLEST = { vcpus: 0.25, gb: 0.5 };
/** A map's item: the execution's own start, and the one state that runs the task. */
const TRANSITIONS_A_TASK = 2;

/** What a short task costs when it is a Fargate task of its own, in US dollars. */
export interface TaskEach {
  /** AWS Batch takes nothing for itself. */
  readonly awsBatch: number;
  /** A Map of Step Functions over `ecs:runTask.sync`. */
  readonly stepFunctions: number;
}

export function aTaskEach(tasks: number, list: PriceList): TaskEach {
  const hours = list.fargateLeastSeconds / 3600;
  const aTask = hours * (SMALLEST.vcpus * list.fargateVcpuHour + SMALLEST.gb * list.fargateGbHour);
  const fargate = tasks * aTask;
  return {
    awsBatch: fargate,
    stepFunctions: fargate + tasks * TRANSITIONS_A_TASK * list.transition,
  };
}

/** What nodes of one vCPU and 2 GB cost that run the same tasks, each of so many seconds, one after another. */
export function onNodes(tasks: number, secondsATask: number, nodes: number, list: PriceList): number {
  const seconds = Math.max((tasks * secondsATask) / nodes, list.fargateLeastSeconds) * nodes;
  return (seconds / 3600) * (list.fargateVcpuHour + 2 * list.fargateGbHour);
}
