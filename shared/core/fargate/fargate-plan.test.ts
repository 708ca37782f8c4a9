import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FargateCapacity, type NodeWish, planFargate } from './fargate-plan.ts';
import { fargateRefusals } from './fargate-refusals.ts';
import { fargateSizes, priceOf } from './fargate-size.ts';

const plenty: FargateCapacity = { maxNodes: 5_000, maxVcpu: 100_000, architecture: 'ARM64' };
const byDefault: NodeWish = {
  parallelism: 1,
  cpuMilli: 2_000,
  cpuGiven: false,
  memoryMib: 2_000,
  memoryGiven: false,
  taskDiskMib: 0,
  nodeDiskGib: 20,
};
const wish = (given: Partial<NodeWish>): NodeWish => ({
  ...byDefault,
  ...given,
  cpuGiven: given.cpuMilli !== undefined,
  memoryGiven: given.memoryMib !== undefined,
});

describe('planFargate', () => {
  it.each<[name: string, given: Partial<NodeWish>, nodes: number, slots: number, size: string]>([
    ['one task by default', {}, 1, 1, 'fargate-arm-2-4096'],
    ['a small task', { cpuMilli: 250, memoryMib: 256 }, 1, 1, 'fargate-arm-0.25-512'],
    [
      "room for the agent beside the task's memory",
      { cpuMilli: 1000, memoryMib: 4096 },
      1,
      1,
      'fargate-arm-1-5120',
    ],
    [
      'no more vCPUs for the sake of the agent',
      { cpuMilli: 1000, memoryMib: 8192 },
      1,
      1,
      'fargate-arm-1-8192',
    ],
    ['two tasks on one node', { parallelism: 2 }, 1, 2, 'fargate-arm-4-8192'],
    ['no large node half empty', { parallelism: 3 }, 3, 1, 'fargate-arm-2-4096'],
    ['a large node with one slot to spare', { parallelism: 7 }, 1, 7, 'fargate-arm-16-32768'],
    ['thousands on the largest nodes', { parallelism: 5_000 }, 625, 8, 'fargate-arm-16-32768'],
    [
      'many tiny ones',
      { parallelism: 5_000, cpuMilli: 100, memoryMib: 128 },
      32,
      157,
      'fargate-arm-16-32768',
    ],
    ['as many a node as are asked for', { parallelism: 9, taskCountPerNode: 3 }, 3, 3, 'fargate-arm-8-16384'],
    ['defaults bend', { parallelism: 50, taskCountPerNode: 50 }, 1, 50, 'fargate-arm-16-106496'],
    ['a machine as it is', { parallelism: 9, machineType: 'n2-standard-8' }, 3, 4, 'n2-standard-8'],
    [
      'a machine that memory fills first',
      { parallelism: 9, machineType: 'n2-standard-8', memoryMib: 16_384 },
      5,
      2,
      'n2-standard-8',
    ],
    ['a machine with a task by default', { machineType: 'e2-micro' }, 1, 1, 'e2-micro'],
  ])('%s', (_, given, nodes, slots, machineType) => {
    const plan = planFargate(wish(given), plenty);
    expect({ nodes: plan.nodes, slots: plan.slots, machineType: plan.node.machineType }).toEqual({
      nodes,
      slots,
      machineType,
    });
  });

  it('reaches as much of the parallelism as the limits allow', () => {
    const few = { ...plenty, maxNodes: 4 };
    expect(planFargate(wish({ parallelism: 20 }), few)).toMatchObject({ nodes: 3, slots: 7 });
    expect(planFargate(wish({ parallelism: 1_000 }), few)).toMatchObject({ nodes: 4, slots: 8 });
    expect(planFargate(wish({ parallelism: 1_000 }), { ...plenty, maxVcpu: 20 })).toMatchObject({
      nodes: 5,
      slots: 2,
    });
  });

  it('adds up the disk', () => {
    const disk = (given: Partial<NodeWish>) => planFargate(wish(given), plenty).node.storageGib;
    expect(disk({})).toBe(20);
    expect(disk({ nodeDiskGib: 50 })).toBe(50);
    expect(disk({ taskDiskMib: 10 * 1024 })).toBe(30);
    expect(planFargate(wish({ parallelism: 8, taskDiskMib: 60 * 1024 }), plenty)).toMatchObject({
      slots: 2,
      nodes: 4,
      node: { storageGib: 140 },
    });
  });

  it('takes the architecture of the machine', () => {
    const of = (machineType: string) => planFargate(wish({ machineType }), plenty).node.architecture;
    expect([of('n2-standard-4'), of('t2a-standard-4')]).toEqual(['X86_64', 'ARM64']);
  });
});

const machines = ['e2-micro', 'e2-standard-4', 'n1-highmem-8', 'c4a-highcpu-16', 'fargate-0.5-1024'];
const optional = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined });
const wishes = fc
  .record({
    parallelism: fc.integer({ min: 1, max: 5_000 }),
    taskCountPerNode: optional(fc.integer({ min: 1, max: 100 })),
    machineType: optional(fc.constantFrom(...machines)),
    cpuMilli: optional(fc.integer({ min: 1, max: 20_000 })),
    memoryMib: optional(fc.integer({ min: 1, max: 130_000 })),
    taskDiskMib: fc.constantFrom(0, 1024, 30_000),
    nodeDiskGib: fc.integer({ min: 1, max: 210 }),
  })
  .map((given) => wish(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))));
const capacities = fc.record({
  maxNodes: fc.integer({ min: 1, max: 5_000 }),
  maxVcpu: fc.integer({ min: 1, max: 10_000 }),
  architecture: fc.constantFrom('ARM64' as const, 'X86_64' as const),
});

describe('any plan that is not refused', () => {
  const accepted = (given: NodeWish, capacity: FargateCapacity) =>
    [...fargateRefusals(given, 'taskGroups[0]', capacity)].length === 0;

  it("is of Fargate's pairs, within the limits, and has no more slots than the parallelism takes", () => {
    fc.assert(
      fc.property(wishes, capacities, (given, capacity) => {
        fc.pre(accepted(given, capacity));
        const { node, nodes, slots } = planFargate(given, capacity);
        expect(fargateSizes).toContainEqual(node.size);
        expect(node.storageGib).toBeGreaterThanOrEqual(20);
        expect(node.storageGib).toBeLessThanOrEqual(200);
        expect(nodes).toBeGreaterThanOrEqual(1);
        expect(nodes).toBeLessThanOrEqual(capacity.maxNodes);
        expect(nodes * node.size.vcpu).toBeLessThanOrEqual(capacity.maxVcpu);
        expect((nodes - 1) * slots).toBeLessThan(given.parallelism);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives every task what it was said to need of cores, memory and disk', () => {
    fc.assert(
      fc.property(wishes, capacities, (given, capacity) => {
        fc.pre(accepted(given, capacity));
        const { node, slots } = planFargate(given, capacity);
        if (given.cpuGiven) expect(slots * given.cpuMilli).toBeLessThanOrEqual(node.size.vcpu * 1000);
        if (given.memoryGiven) expect(slots * given.memoryMib).toBeLessThanOrEqual(node.size.memoryMib);
        expect(node.storageGib * 1024).toBeGreaterThanOrEqual(
          given.nodeDiskGib * 1024 + slots * given.taskDiskMib,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('costs no more than a quarter above one node a task, and never launches more', () => {
    fc.assert(
      fc.property(wishes, (given) => {
        const { taskCountPerNode: _, machineType: __, ...free } = given;
        fc.pre(accepted(free, plenty));
        const { node, nodes } = planFargate(free, plenty);
        expect(nodes).toBeLessThanOrEqual(free.parallelism);
        const single = planFargate({ ...free, parallelism: 1 }, plenty);
        expect(nodes * priceOf(node.size)).toBeLessThanOrEqual(
          1.2501 * free.parallelism * priceOf(single.node.size),
        );
      }),
    );
  });
});

describe('fargateRefusals', () => {
  const fields = (given: Partial<NodeWish>, capacity = plenty) =>
    [...fargateRefusals(wish(given), 'taskGroups[0]', capacity)].map(([field]) => field);
  const resource = 'taskGroups[0].taskSpec.computeResource';
  const policy = 'allocationPolicy.instances[0].policy';

  it.each<[Partial<NodeWish>, string[]]>([
    [{ cpuMilli: 16_000, memoryMib: 122_880 }, []],
    [{ cpuMilli: 16_001 }, [`${resource}.cpuMilli`]],
    [{ cpuMilli: 20_000, memoryMib: 200_000 }, [`${resource}.cpuMilli`, `${resource}.memoryMib`]],
    [{ parallelism: 9, taskCountPerNode: 9, cpuMilli: 2_000 }, ['taskGroups[0].taskCountPerNode']],
    [{ parallelism: 9, taskCountPerNode: 9 }, []],
    [{ machineType: 'a2-highgpu-1g' }, [`${policy}.machineType`]],
    [{ machineType: 'e2-standard-2', cpuMilli: 3_000 }, [`${resource}.cpuMilli`]],
    [{ nodeDiskGib: 201 }, [`${policy}.bootDisk.sizeGb`]],
    [{ taskDiskMib: 200_000 }, [`${resource}.bootDiskMib`]],
  ])('of %o', (given, expected) => {
    expect(fields(given)).toEqual(expected);
  });

  it('know what the deployment may have', () => {
    expect(fields({ cpuMilli: 8_000 }, { ...plenty, maxVcpu: 4 })).toEqual([resource]);
    expect(fields({ machineType: 'e2-standard-8' }, { ...plenty, maxVcpu: 4 })).toEqual([
      `${policy}.machineType`,
    ]);
  });

  it('name what was given and what is allowed', () => {
    const [[, why] = []] = [...fargateRefusals(wish({ cpuMilli: 99_000 }), 'taskGroups[0]', plenty)];
    expect(why).toBe('the largest node on Fargate has 16000 cpuMilli and 122880 memoryMib; given 99000');
  });
});
