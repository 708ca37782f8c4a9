import type { Refusal } from '../job-refusals.ts';
import { diskFor, type FargateCapacity, type NodeWish, planFargate, sizeForTasks } from './fargate-plan.ts';
import { type FargateSize, largestSize, storageGib } from './fargate-size.ts';
import { nodeMachine } from './machine-type.ts';

const POLICY = 'allocationPolicy.instances[0].policy';

/** What of a group's wish no node on Fargate has, or none that this deployment may have. `path` is the group's. */
export function* fargateRefusals(
  wish: NodeWish,
  path: string,
  capacity: FargateCapacity,
): Generator<Refusal> {
  const machine = wish.machineType === undefined ? undefined : nodeMachine(wish.machineType);
  if (machine !== undefined && 'refusal' in machine) {
    yield [`${POLICY}.machineType`, `${machine.refusal}; given "${wish.machineType}"`];
    return;
  }
  const slots = Math.min(wish.taskCountPerNode ?? 1, wish.parallelism);
  const found =
    machine === undefined
      ? [...unsizable(wish, slots, path)]
      : [...tooLarge(wish, slots, machine.size, path, `"${wish.machineType}"`)];
  yield* found;
  yield* tooMuchDisk(wish, slots, path);
  if (found.length > 0) return;
  const { vcpu } = planFargate(wish, capacity).node.size;
  if (vcpu <= capacity.maxVcpu) return;
  const most = `a node for it has ${vcpu} vCPUs, and this deployment may have ${capacity.maxVcpu} in all`;
  yield machine === undefined ? [`${path}.taskSpec.computeResource`, most] : [`${POLICY}.machineType`, most];
}

/** Where no machine type is given: what the largest node does not hold. */
function* unsizable(wish: NodeWish, slots: number, path: string): Generator<Refusal> {
  if (sizeForTasks(wish, slots) !== undefined) return;
  yield* tooLarge(wish, slots, largestSize, path, 'the largest node on Fargate');
}

function* tooLarge(
  { cpuGiven, cpuMilli, memoryGiven, memoryMib }: NodeWish,
  slots: number,
  size: FargateSize,
  path: string,
  node: string,
): Generator<Refusal> {
  const resource = `${path}.taskSpec.computeResource`;
  const most = `${node} has ${size.vcpu * 1000} cpuMilli and ${size.memoryMib} memoryMib`;
  const [cpu, memory] = [cpuGiven ? cpuMilli : 0, memoryGiven ? memoryMib : 0];
  if (cpu > size.vcpu * 1000) yield [`${resource}.cpuMilli`, `${most}; given ${cpu}`];
  if (memory > size.memoryMib) yield [`${resource}.memoryMib`, `${most}; given ${memory}`];
  if (cpu > size.vcpu * 1000 || memory > size.memoryMib) return;
  if (slots * cpu <= size.vcpu * 1000 && slots * memory <= size.memoryMib) return;
  const wants = `${slots} tasks of ${cpu} cpuMilli and ${memory} memoryMib`;
  yield [`${path}.taskCountPerNode`, `${most}; given ${wants.replaceAll(' of 0 ', ' of any ')}`];
}

function* tooMuchDisk(wish: NodeWish, slots: number, path: string): Generator<Refusal> {
  const most = `a node on Fargate has at most ${storageGib.most} GiB of disk`;
  if (wish.nodeDiskGib > storageGib.most) {
    yield [`${POLICY}.bootDisk.sizeGb`, `${most}; given ${wish.nodeDiskGib}`];
  } else if (diskFor(wish, slots) > storageGib.most) {
    const wants = `${wish.nodeDiskGib} GiB and ${wish.taskDiskMib} MiB for each of ${slots} tasks`;
    yield [`${path}.taskSpec.computeResource.bootDiskMib`, `${most}; given ${wants}`];
  }
}
