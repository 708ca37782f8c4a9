import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskGroup } from '../../contract/task-group.ts';
import { type Capacity, groupWishes, planGroup } from '../plan.ts';
import { tooLittle } from './amounts.ts';
import { capacityOfGroup, type JobDemand, jobDemand } from './job-demand.ts';
import type { UseLimits } from './use-limits.ts';

const fixed: Capacity = { nodeCores: 2, maxNodes: 10 };
const fargate: Capacity = { maxNodes: 10, maxVcpu: 1_000, architecture: 'ARM64' };
const machine: Capacity = { nodeCores: 8, sharedCores: 8, maxNodes: 8 };
const ten: UseLimits = { deployment: { nodes: 10 }, projects: {} };
const cores: UseLimits = { deployment: { cpuMilli: 8_000 }, projects: {} };

/** Groups of so many nodes of one task each, and the groups that each waits for. */
function groups(...given: [nodes: number, ...after: number[]][]): TaskGroup[] {
  return given.map(([taskCount, ...after]) => ({
    taskCount: String(taskCount),
    taskCountPerNode: '1',
    dependsOn: Object.fromEntries(after.map((at) => [`group${at}`, 'SUCCEEDED' as const])),
  }));
}

function demandOf(taskGroups: TaskGroup[], capacity: Capacity, limits: UseLimits) {
  const cpuGiven = taskGroups.map(({ taskSpec }) => taskSpec?.computeResource?.cpuMilli !== undefined);
  return jobDemand({ spec: { taskGroups }, cpuGiven, project: 'p' }, capacity, limits);
}

const cpu = (taskCount: number, cpuMilli: number): TaskGroup => ({
  taskCount: String(taskCount),
  taskSpec: { computeResource: { cpuMilli: String(cpuMilli) } },
});

describe('jobDemand', () => {
  it.each<[string, TaskGroup[], Capacity, UseLimits, nodes: number, cpuMilli: number, ofGroups: number[]]>([
    ['one group', groups([3]), fixed, ten, 3, 6_000, [3]],
    ['no more than there are', groups([30]), fixed, ten, 10, 20_000, [10]],
    ['side by side', groups([3], [4]), fixed, ten, 7, 14_000, [3, 4]],
    ['in order', groups([3], [4, 0]), fixed, ten, 4, 8_000, [3, 4]],
    ['a chain of large ones', groups([30], [30, 0], [30, 1]), fixed, ten, 10, 20_000, [10, 10, 10]],
    ['too many side by side share', groups([30], [4]), fixed, ten, 9, 18_000, [5, 4]],
    [
      'a project may have less',
      groups([30]),
      fixed,
      { ...ten, projects: { p: { nodes: 4 } } },
      4,
      8_000,
      [4],
    ],
    [
      'vCPUs bound nodes',
      groups([30]),
      fixed,
      { deployment: { cpuMilli: 9_000 }, projects: {} },
      4,
      8_000,
      [4],
    ],
    ['nodes made for their tasks', [cpu(3, 4_000)], fargate, ten, 3, 12_000, [3]],
    ['a machine that is large enough', [cpu(3, 500)], machine, cores, 1, 1_500, [1]],
    ['all of a machine', [cpu(20, 1_000)], machine, cores, 1, 8_000, [1]],
    ['a task larger than the machine', [cpu(1, 32_000)], machine, cores, 1, 8_000, [1]],
    ['tasks that mostly wait', [{ taskCount: '50', taskCountPerNode: '50' }], machine, cores, 1, 8_000, [1]],
  ])('%s', (_, taskGroups, capacity, limits, nodes, cpuMilli, ofGroups) => {
    const demand = demandOf(taskGroups, capacity, limits) as JobDemand;
    expect(demand.amounts).toEqual({ jobs: 1, nodes, cpuMilli });
    expect(demand.groups.map((group) => group.nodes)).toEqual(ofGroups);
    for (const [order, { nodes: most }] of demand.groups.entries())
      expect(capacityOfGroup(capacity, demand, order).maxNodes).toBe(most);
  });

  it.each<[string, TaskGroup[], Capacity, UseLimits, string]>([
    [
      'more groups at once than nodes',
      groups([1], [1], [1]),
      fixed,
      { deployment: { nodes: 2 }, projects: {} },
      'needs at least 3 nodes at once, and may have 2',
    ],
    [
      'a node with more vCPUs than all may have',
      groups([1]),
      fixed,
      { deployment: { cpuMilli: 1_000 }, projects: {} },
      'needs at least 2 vCPUs at once, and may have 1',
    ],
    [
      'a project that may have less',
      groups([1], [1]),
      fixed,
      { ...ten, projects: { '*': { nodes: 1 } } },
      'needs at least 2 nodes at once, and may have 1',
    ],
  ])('refuses %s', (_, taskGroups, capacity, limits, problem) => {
    expect(demandOf(taskGroups, capacity, limits)).toEqual({ problem });
  });
});

describe('the plan of a job that was admitted', () => {
  const wished = fc.record({
    taskCount: fc.integer({ min: 1, max: 3_000 }),
    cpuMilli: fc.constantFrom(250, 1_000, 4_000, 16_000),
    taskCountPerNode: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    after: fc.option(fc.nat(2), { nil: undefined }),
  });
  const room = fc.record({
    nodes: fc.integer({ min: 3, max: 200 }),
    cpuMilli: fc.integer({ min: 48, max: 1_000 }),
  });

  const plenty: Capacity = { maxNodes: 5_000, maxVcpu: 80_000, architecture: 'ARM64' };

  it('takes no more than the job may, on Fargate, whatever its groups are', () => {
    let planned = 0;
    fc.assert(
      fc.property(fc.array(wished, { minLength: 1, maxLength: 3 }), room, (given, { nodes, cpuMilli }) => {
        const limits = { deployment: { nodes, cpuMilli: cpuMilli * 1000 }, projects: {} };
        const taskGroups = given.map(
          ({ taskCount, cpuMilli: cpuOfTask, taskCountPerNode, after }, at): TaskGroup => ({
            ...cpu(taskCount, cpuOfTask),
            ...(taskCountPerNode === undefined || cpuOfTask > 4_000
              ? {}
              : { taskCountPerNode: String(taskCountPerNode) }),
            ...(after === undefined || after >= at
              ? {}
              : { dependsOn: { [`group${after}`]: 'SUCCEEDED' as const } }),
          }),
        );
        const demand = demandOf(taskGroups, plenty, limits);
        if ('problem' in demand) return;
        expect(tooLittle(demand.amounts, limits.deployment)).toBeUndefined();
        const job = { spec: { taskGroups }, cpuGiven: taskGroups.map(() => true) };
        for (const [order, wish] of groupWishes(job).entries()) {
          const plan = planGroup(wish, capacityOfGroup(plenty, demand, order));
          const { nodes: most = 0, cpuMilli: mostCpu = 0 } = demand.groups[order] ?? {};
          planned += 1;
          expect(plan.seats.length).toBeLessThanOrEqual(most);
          expect(plan.seats.length * (plan.node?.size.vcpu ?? 0) * 1000).toBeLessThanOrEqual(mostCpu);
        }
      }),
    );
    expect(planned).toBeGreaterThan(50);
  });
});
