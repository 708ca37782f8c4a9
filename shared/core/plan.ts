import type { InstancePolicy } from '../contract/instance-policy.ts';
import { type FargateCapacity, type NodeShape, type NodeWish, planFargate } from './fargate/fargate-plan.ts';
import { storageGib } from './fargate/fargate-size.ts';
import { every, type IndexRuns } from './index-runs.ts';
import { groupIdOf, type JobHead } from './job/job-record.ts';
import type { GroupOutline } from './job/job-spec.ts';

/** What one machine, or nodes of one size, offer to a group. */
export interface MachineCapacity {
  /** Cores of a node. */
  readonly nodeCores: number;
  /** Nodes that there may be at once. */
  readonly maxNodes: number;
  /** Cores of all nodes together: on one machine they share those that it has. Without it nodes bring their own. */
  readonly sharedCores?: number;
}

/** What a deployment offers to one group: nodes of one size, or nodes on Fargate that are sized for the group. */
export type Capacity = MachineCapacity | FargateCapacity;

/** A group, and what of its job its nodes depend on. */
export interface GroupWish {
  readonly group: GroupOutline;
  /** `allocationPolicy.instances[0].policy` of the job. */
  readonly instance?: InstancePolicy;
  /** Whether the client said it, or it is a default. */
  readonly cpuGiven: boolean;
  readonly memoryGiven: boolean;
  /** Its containers mount folders, which a node on Fargate has once: such a node runs one task at a time. */
  readonly mountsFolders?: boolean;
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
  /** What each node is, where nodes are sized for the group. */
  readonly node?: NodeShape;
}

/** What a group takes of a deployment while it runs. */
export interface GroupDemand {
  readonly groupId: string;
  readonly nodes: number;
  /** vCPUs of all its nodes together. */
  readonly vcpu: number;
}

/** What of a job its plan depends on. */
export type PlannedJob = Pick<JobHead, 'spec' | 'cpuGiven' | 'memoryGiven' | 'mountsFolders'>;

/** The groups of a job, in order, as they are planned. */
export function groupWishes({ spec, cpuGiven, memoryGiven, mountsFolders }: PlannedJob): GroupWish[] {
  const instance = spec.allocationPolicy?.instances?.[0]?.policy;
  return (spec.taskGroups ?? []).map((group, order) => ({
    group,
    ...(instance === undefined ? {} : { instance }),
    cpuGiven: cpuGiven[order] ?? false,
    memoryGiven: memoryGiven?.[order] ?? false,
    ...(mountsFolders?.[order] ? { mountsFolders: true } : {}),
  }));
}

/** What a job takes of a deployment, group by group; groups that wait for each other do not take it at once. */
export function demandOf(job: PlannedJob, capacity: Capacity): GroupDemand[] {
  return groupWishes(job).map((wish, order) => {
    const { slots, nodes, node } = nodesOfGroup(wish, capacity);
    return {
      groupId: groupIdOf(order),
      nodes,
      vcpu: nodes * (node?.size.vcpu ?? coresOfNode(wish, slots, capacity)),
    };
  });
}

/** On one machine a node has no cores of its own: it takes what its tasks ask for, a core each where nothing is said. */
function coresOfNode({ group, cpuGiven }: GroupWish, slots: number, capacity: Capacity): number {
  if (!('nodeCores' in capacity)) return 0;
  if (capacity.sharedCores === undefined) return capacity.nodeCores;
  const cpuMilli = Number(group.taskSpec?.computeResource?.cpuMilli ?? 0);
  return slots * (cpuGiven && cpuMilli > 0 ? cpuMilli / 1000 : 1);
}

/**
 * The nodes of a group and the tasks that each begins with. Together the nodes have no more slots than the parallelism.
 * The first tasks go to different nodes: seat i of N begins with i, i+N, i+2N, …
 */
export function planGroup(wish: GroupWish, capacity: Capacity): GroupPlan {
  const { taskCount, parallelism } = extent(wish.group);
  const { slots, nodes, node } = nodesOfGroup(wish, capacity);
  const seats = Array.from({ length: nodes }, (_, seat) => ({
    slots: Math.min(slots, parallelism - seat * slots),
    unstarted: every(seat, nodes, taskCount),
  }));
  return { taskCount, taskPack: slots, seats, ...(node === undefined ? {} : { node }) };
}

/** What a group asks of nodes that are sized for it. */
export function nodeWish({ group, instance, cpuGiven, memoryGiven, mountsFolders }: GroupWish): NodeWish {
  const { cpuMilli, memoryMib, bootDiskMib } = group.taskSpec?.computeResource ?? {};
  const { machineType, bootDisk } = instance ?? {};
  return {
    parallelism: extent(group).parallelism,
    ...(mountsFolders || group.taskCountPerNode !== undefined
      ? { taskCountPerNode: mountsFolders ? 1 : Number(group.taskCountPerNode) }
      : {}),
    ...(machineType ? { machineType } : {}),
    cpuMilli: Math.max(1, Number(cpuMilli ?? 0)),
    cpuGiven,
    memoryMib: Math.max(1, Number(memoryMib ?? 0)),
    memoryGiven,
    taskDiskMib: Number(bootDiskMib ?? 0),
    nodeDiskGib: Number(bootDisk?.sizeGb ?? 0) || storageGib.least,
  };
}

function extent(group: GroupOutline): { taskCount: number; parallelism: number } {
  const taskCount = Number(group.taskCount ?? 1);
  return { taskCount, parallelism: Math.min(Number(group.parallelism ?? taskCount), taskCount) };
}

/** The fewest nodes that reach the group's parallelism, and how many tasks each of them runs side by side. */
function nodesOfGroup(
  wish: GroupWish,
  capacity: Capacity,
): { slots: number; nodes: number; node?: NodeShape } {
  if (!('nodeCores' in capacity)) return planFargate(nodeWish(wish), capacity);
  const { group, cpuGiven } = wish;
  const { parallelism } = extent(group);
  const slots = Math.min(parallelism, tasksANode(group, cpuGiven, capacity));
  const nodes = Math.max(1, Math.min(Math.ceil(parallelism / slots), nodesAtMost(group, capacity)));
  return { slots, nodes };
}

/** Unless the client said how many tasks a node is to run, nodes have no more cores together than there are. */
function nodesAtMost(group: GroupOutline, { nodeCores, maxNodes, sharedCores }: MachineCapacity): number {
  if (sharedCores === undefined || group.taskCountPerNode !== undefined) return maxNodes;
  return Math.min(maxNodes, Math.floor(sharedCores / nodeCores));
}

/** `taskCountPerNode`, or as many as a node's cores hold of `cpuMilli`; where the client gave none, one a core. */
function tasksANode(group: GroupOutline, cpuGiven: boolean, { nodeCores }: MachineCapacity): number {
  if (group.taskCountPerNode !== undefined) return Number(group.taskCountPerNode);
  const cpuMilli = Number(group.taskSpec?.computeResource?.cpuMilli ?? 0);
  const fitting = cpuGiven && cpuMilli > 0 ? Math.floor((nodeCores * 1000) / cpuMilli) : nodeCores;
  return Math.max(1, fitting);
}
