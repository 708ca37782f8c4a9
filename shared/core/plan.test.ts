import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskGroup } from '../contract/task-group.ts';
import { indices } from './index-runs.ts';
import { type Capacity, demandOf, planGroup } from './plan.ts';

const machine: Capacity = { nodeCores: 4, maxNodes: 8, sharedCores: 4 };
const cloud: Capacity = { nodeCores: 4, maxNodes: 5000 };

describe('planGroup', () => {
  it.each<[name: string, group: TaskGroup, cpuGiven: boolean, capacity: Capacity, slots: number[]]>([
    ['one task takes one slot', { taskCount: '1' }, false, machine, [1]],
    ['one slot a core on one machine', { taskCount: '100' }, false, machine, [4]],
    [
      'as many nodes as the parallelism takes',
      { taskCount: '100', parallelism: '10' },
      false,
      cloud,
      [4, 4, 2],
    ],
    ['cpuMilli, where given, decides how many share a node', withCpu('2000', '100'), true, machine, [2]],
    ['cpuMilli by default is no wish', withCpu('2000', '100'), false, machine, [4]],
    ['a task larger than a node still has one', withCpu('16000', '3'), true, machine, [1]],
    ['taskCountPerNode makes nodes on one machine too', perNode('1', '3'), false, machine, [1, 1, 1]],
    ['no more nodes than there may be', perNode('1', '100'), false, machine, [1, 1, 1, 1, 1, 1, 1, 1]],
    ['taskCountPerNode beyond the cores is what the client wants', perNode('20', '20'), false, machine, [20]],
    [
      'IN_ORDER has one slot',
      { taskCount: '9', parallelism: '1', schedulingPolicy: 'IN_ORDER' },
      false,
      cloud,
      [1],
    ],
  ])('%s', (_, group, cpuGiven, capacity, slots) => {
    expect(
      planGroup({ group, cpuGiven, memoryGiven: false }, capacity).seats.map((seat) => seat.slots),
    ).toEqual(slots);
  });

  it('gives every task to one seat and never more slots than the parallelism', () => {
    const groups = fc.record({
      taskCount: fc.integer({ min: 1, max: 500 }),
      parallelism: fc.integer({ min: 1, max: 600 }),
    });
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 9 }), ({ taskCount, parallelism }, maxNodes) => {
        const group = { taskCount: String(taskCount), parallelism: String(parallelism) };
        const plan = planGroup({ group, cpuGiven: false, memoryGiven: false }, { nodeCores: 3, maxNodes });
        const given = plan.seats.flatMap((seat) => [...indices(seat.unstarted)]).sort((a, b) => a - b);
        expect(given).toEqual(Array.from({ length: taskCount }, (_, index) => index));
        expect(plan.seats.every((seat) => seat.slots >= 1)).toBe(true);
        expect(plan.seats.reduce((sum, seat) => sum + seat.slots, 0)).toBeLessThanOrEqual(parallelism);
      }),
    );
  });
});

describe('demandOf', () => {
  const job = (taskGroups: TaskGroup[]) => ({
    spec: { taskGroups, allocationPolicy: { instances: [{ policy: { machineType: 'e2-standard-2' } }] } },
    cpuGiven: [],
  });
  const group = { taskCount: '10', taskSpec: { computeResource: { cpuMilli: '2000', memoryMib: '2000' } } };

  it('is nodes and vCPUs of each group, as they will be planned', () => {
    const fargate: Capacity = { maxNodes: 100, maxVcpu: 16, architecture: 'X86_64' };
    expect(demandOf(job([group, { ...group, parallelism: '3' }]), fargate)).toEqual([
      { groupId: 'group0', nodes: 8, vcpu: 16 },
      { groupId: 'group1', nodes: 3, vcpu: 6 },
    ]);
    expect(demandOf(job([group]), machine)).toEqual([{ groupId: 'group0', nodes: 1, vcpu: 4 }]);
  });
});

function withCpu(cpuMilli: string, taskCount: string): TaskGroup {
  return { taskCount, taskSpec: { computeResource: { cpuMilli } } };
}

function perNode(taskCountPerNode: string, taskCount: string): TaskGroup {
  return { taskCount, taskCountPerNode };
}
