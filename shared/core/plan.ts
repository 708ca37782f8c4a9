import type { TaskGroup } from '../contract/task-group.ts';
import { every, type IndexRuns } from './index-runs.ts';

/** What a deployment offers to one group. */
export interface Capacity {
  /** Cores of a node. */
  readonly nodeCores: number;
  /** Nodes that there may be at once. */
  readonly maxNodes: number;
  /** Cores of all nodes together: on one machine they share those that it has. Without it nodes bring their own. */
  readonly sharedCores?: number;
}

export interface SeatPlan {
  readonly slots: number;
  readonly unstarted: IndexRuns;
}

export interface GroupPlan {
  readonly taskCount: number;
  /** Tasks that one node runs side by side. */
  readonly taskPack: number;
  readonly seats: readonly SeatPlan[];
}

/**
 * The fewest nodes that reach a group's parallelism. A node runs `taskCountPerNode` tasks side by side, or else as many
 * as its cores hold of `cpuMilli`; where the client gave no cpuMilli, one a core.  Together the nodes have no more slots
 * than the parallelism; and, unless the client said how many tasks a node is to run, no more cores than there are. The first tasks go to different nodes: seat i of N begins with i, i+N, i+2N, …
 */
export function planGroup(group: TaskGroup, cpuGiven: boolean, capacity: Capacity): GroupPlan {
  const taskCount = Number(group.taskCount ?? 1);
  const parallelism = Math.min(Number(group.parallelism ?? taskCount), taskCount);
  const taskPack = Math.min(parallelism, tasksANode(group, cpuGiven, capacity));
  const seatCount = Math.max(1, Math.min(Math.ceil(parallelism / taskPack), nodesAtMost(group, capacity)));
  const seats = Array.from({ length: seatCount }, (_, seat) => ({
    slots: Math.min(taskPack, parallelism - seat * taskPack),
    unstarted: every(seat, seatCount, taskCount),
  }));
  return { taskCount, taskPack, seats };
}

function nodesAtMost(group: TaskGroup, { nodeCores, maxNodes, sharedCores }: Capacity): number {
  if (sharedCores === undefined || group.taskCountPerNode !== undefined) return maxNodes;
  return Math.min(maxNodes, Math.floor(sharedCores / nodeCores));
}

function tasksANode(group: TaskGroup, cpuGiven: boolean, { nodeCores }: Capacity): number {
  if (group.taskCountPerNode !== undefined) return Number(group.taskCountPerNode);
  const cpuMilli = Number(group.taskSpec?.computeResource?.cpuMilli ?? 0);
  const fitting = cpuGiven && cpuMilli > 0 ? Math.floor((nodeCores * 1000) / cpuMilli) : nodeCores;
  return Math.max(1, fitting);
}
