import { type FargateSize, largestSize, priceOf, smallestSize, storageGib } from './fargate-size.ts';
import { type Architecture, nodeMachine, sizeName } from './machine-type.ts';

/** What a deployment on Fargate offers. */
export interface FargateCapacity {
  /** Nodes that there may be at once. */
  readonly maxNodes: number;
  /** vCPUs of all nodes together. */
  readonly maxVcpu: number;
  /** What nodes are where no machine type says it. */
  readonly architecture: Architecture;
}

/** What a group asks of its nodes. */
export interface NodeWish {
  /** Tasks that are to run at once. */
  readonly parallelism: number;
  readonly taskCountPerNode?: number;
  readonly machineType?: string;
  /** Of one task; and whether the client said it, or it is a default. */
  readonly cpuMilli: number;
  readonly cpuGiven: boolean;
  readonly memoryMib: number;
  readonly memoryGiven: boolean;
  /** Disk that each task adds. */
  readonly taskDiskMib: number;
  /** Disk of a node before that. */
  readonly nodeDiskGib: number;
}

/** What each node of a group is. */
export interface NodeShape {
  readonly size: FargateSize;
  readonly architecture: Architecture;
  readonly storageGib: number;
  /** The machine type that was asked for, or the name of Fargate's size. */
  readonly machineType: string;
}

export interface FargatePlan {
  readonly node: NodeShape;
  /** Tasks that one node runs side by side. */
  readonly slots: number;
  readonly nodes: number;
}

/** The agent's own memory, where the pair with the next step of memory has no more vCPUs. */
const AGENT_MIB = 128;
/** Tasks side by side on a node that nobody asked for by number: what a seat's record has room for with ease. */
const SLOTS_AT_MOST = 200;
/** What fewer launches may cost, in prices of the cheapest plan. */
const WASTE = 1.25;

/** How nodes may be cut: so many tasks on each, of this size. */
interface Cut {
  readonly slots: number;
  readonly size: FargateSize;
  readonly nodes: number;
  readonly price: number;
}

/**
 * The nodes of a group. A machine type is taken as it is; `taskCountPerNode` says how many tasks a node is made for.
 * Otherwise it is the plan with the fewest nodes, which are the fewest launches, of all that reach the parallelism within
 * the deployment's limits and cost no more than a quarter above the cheapest. A plan is always made; what does not fit is
 * named by `fargateRefusals`, before the job is there.
 */
export function planFargate(wish: NodeWish, capacity: FargateCapacity): FargatePlan {
  const machine = wish.machineType === undefined ? undefined : nodeMachine(wish.machineType);
  if (machine !== undefined && 'size' in machine) {
    const slots = slotsOfMachine(wish, machine.size);
    const cut = cutInto(wish, slots, machine.size, capacity);
    return planOf(wish, cut, machine.architecture);
  }
  const cut =
    wish.taskCountPerNode === undefined
      ? bestCut(wish, capacity)
      : fixedCut(wish, Math.min(wish.taskCountPerNode, wish.parallelism), capacity);
  return planOf(wish, cut, capacity.architecture);
}

/**
 * The size of a node for so many tasks. What the client did not say bends: defaults of many tasks together ask for no
 * more than the largest node. The agent's memory is added where that takes no more vCPUs.
 */
export function sizeForTasks(wish: NodeWish, slots: number): FargateSize | undefined {
  const cpu = wish.cpuGiven
    ? slots * wish.cpuMilli
    : Math.min(slots * wish.cpuMilli, largestSize.vcpu * 1000);
  const memory = wish.memoryGiven
    ? slots * wish.memoryMib
    : Math.min(slots * wish.memoryMib, largestSize.memoryMib);
  const plain = smallestSize(cpu, memory);
  const roomy = smallestSize(cpu, memory + AGENT_MIB);
  return roomy?.vcpu === plain?.vcpu ? roomy : plain;
}

/** GiB of a node's disk for so many tasks; may be more than Fargate has. */
export function diskFor({ nodeDiskGib, taskDiskMib }: NodeWish, slots: number): number {
  return Math.max(storageGib.least, Math.ceil(nodeDiskGib + (slots * taskDiskMib) / 1024));
}

/** As many tasks as a machine has room for, by what the client said of one; at least one. */
function slotsOfMachine(wish: NodeWish, { vcpu, memoryMib }: FargateSize): number {
  const { parallelism, taskCountPerNode } = wish;
  if (taskCountPerNode !== undefined) return Math.min(taskCountPerNode, parallelism);
  const byMemory = wish.memoryGiven ? Math.floor(memoryMib / wish.memoryMib) : Number.POSITIVE_INFINITY;
  const byDisk =
    wish.taskDiskMib > 0
      ? Math.floor(((storageGib.most - wish.nodeDiskGib) * 1024) / wish.taskDiskMib)
      : Number.POSITIVE_INFINITY;
  const fitting = Math.min(Math.floor((vcpu * 1000) / wish.cpuMilli), byMemory, byDisk, SLOTS_AT_MOST);
  return Math.max(1, Math.min(fitting, parallelism));
}

function fixedCut(wish: NodeWish, slots: number, capacity: FargateCapacity): Cut {
  return cutInto(wish, slots, sizeForTasks(wish, slots) ?? largestSize, capacity);
}

function bestCut(wish: NodeWish, capacity: FargateCapacity): Cut {
  const cuts: Cut[] = [];
  for (let slots = 1; slots <= Math.min(wish.parallelism, SLOTS_AT_MOST); slots += 1) {
    const size = sizeForTasks(bindingWish(wish), slots);
    if (size === undefined || diskFor(wish, slots) > storageGib.most) break;
    cuts.push(cutInto(wish, slots, size, capacity));
  }
  if (cuts.length === 0) return fixedCut(wish, 1, capacity);
  const allowed = cuts.filter(({ size }) => size.vcpu <= capacity.maxVcpu);
  const reached = Math.max(...allowed.map(({ slots, nodes }) => slots * nodes), 0);
  const wide = allowed.filter(({ slots, nodes }) => slots * nodes >= Math.min(reached, wish.parallelism));
  const cheapest = Math.min(...wide.map(({ price }) => price));
  return wide.filter(({ price }) => price <= cheapest * WASTE).reduce(fewer, wide[0] ?? (cuts[0] as Cut));
}

/** Where nothing says how many tasks share a node, a default is as good as a wish: each gets its own. */
function bindingWish(wish: NodeWish): NodeWish {
  return { ...wish, cpuGiven: true, memoryGiven: true };
}

/** The cut with fewer nodes; of equal ones the cheaper, and of these the one with fewer tasks a node. */
function fewer(a: Cut, b: Cut): Cut {
  if (a.nodes !== b.nodes) return a.nodes < b.nodes ? a : b;
  if (a.price !== b.price) return a.price < b.price ? a : b;
  return a.slots <= b.slots ? a : b;
}

function cutInto(
  { parallelism }: NodeWish,
  slots: number,
  size: FargateSize,
  capacity: FargateCapacity,
): Cut {
  const { maxNodes, maxVcpu } = capacity;
  const most = Math.max(1, Math.min(maxNodes, Math.floor(maxVcpu / size.vcpu)));
  const nodes = Math.min(Math.ceil(parallelism / slots), most);
  return { slots, size, nodes, price: nodes * priceOf(size) };
}

function planOf(wish: NodeWish, { slots, size, nodes }: Cut, architecture: Architecture): FargatePlan {
  const disk = Math.min(diskFor(wish, slots), storageGib.most);
  const machineType = wish.machineType || sizeName(size, architecture);
  return { node: { size, architecture, storageGib: disk, machineType }, slots, nodes };
}
