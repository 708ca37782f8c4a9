import { describe, expect, it } from 'vitest';
import { admit, PATIENCE_MS, type QueuedJob } from './admit.ts';
import type { Limits } from './amounts.ts';
import { type CapacityUse, release, take, unused } from './capacity-use.ts';
import type { UseLimits } from './use-limits.ts';

const NOW = 1_000_000_000;
const TEN: UseLimits = { deployment: { nodes: 10 }, projects: {} };

/** Jobs `a`, `b`, … in the order of the queue, of so many nodes. */
function jobs(...given: (number | Partial<QueuedJob & { nodes: number }>)[]): QueuedJob[] {
  return given.map((job, order) => {
    const { nodes = 1, ...rest } = typeof job === 'number' ? { nodes: job } : job;
    const uid = String.fromCharCode(97 + order);
    return { uid, project: 'p', wants: { jobs: 1, nodes, cpuMilli: nodes * 1000 }, createdAt: NOW, ...rest };
  });
}

const inUse = (nodes: number, project = 'p'): CapacityUse =>
  take(unused, { uid: 'running', project, amounts: { jobs: 1, nodes, cpuMilli: nodes * 1000 } });

const OLD = NOW - PATIENCE_MS;
const limits = (deployment: Limits, projects: Record<string, Limits> = {}) => ({ deployment, projects });

describe('admit', () => {
  it.each<[name: string, queue: QueuedJob[], use: CapacityUse, limits: UseLimits, admitted: string]>([
    ['all that fit, in order', jobs(1, 2, 3), unused, TEN, 'abc'],
    ['nothing into a full house', jobs(1), inUse(10), TEN, ''],
    ['small ones past a young head', jobs(5, 2, 3), inUse(6), TEN, 'b'],
    ['those that fit beside an old head', jobs({ nodes: 5, createdAt: OLD }, 2, 3, 1), inUse(6), TEN, 'bd'],
    [
      'none past an old head that needs all there is',
      jobs({ nodes: 10, createdAt: OLD }, 1, 1),
      inUse(6),
      TEN,
      '',
    ],
    [
      'none past one that misses its patience by nothing',
      jobs({ nodes: 10, createdAt: OLD }, 1),
      inUse(1),
      TEN,
      '',
    ],
    [
      'one past a head that is a moment younger',
      jobs({ nodes: 10, createdAt: OLD + 1 }, 1),
      inUse(1),
      TEN,
      'b',
    ],
    ['past a job larger than all there is', jobs({ nodes: 11, createdAt: OLD }, 9), unused, TEN, 'b'],
    ['as many jobs as may run', jobs(1, 1, 1), inUse(1), limits({ jobs: 3 }), 'ab'],
    ['vCPUs', jobs(3, 2), inUse(1), limits({ cpuMilli: 3_500 }), 'b'],
    ['within the limits of a project', jobs(3, 2), inUse(2), limits({}, { p: { nodes: 4 } }), 'b'],
    [
      'another project past one at its limit',
      jobs({ nodes: 3, createdAt: OLD }, { nodes: 9, project: 'q' }),
      inUse(2),
      limits({ nodes: 11 }, { p: { nodes: 4 } }),
      'b',
    ],
    [
      'each project within the limits of all',
      jobs({ project: 'q' }, { project: 'q' }, 1),
      unused,
      limits({}, { '*': { jobs: 1 } }),
      'ac',
    ],
    [
      'a project with limits of its own',
      jobs({ project: 'q' }, { project: 'q' }),
      unused,
      limits({}, { '*': { jobs: 1 }, q: {} }),
      'ab',
    ],
  ])('%s', (_, queue, use, given, admitted) => {
    expect(
      admit(queue, use, given, NOW)
        .admitted.map(({ uid }) => uid)
        .join(''),
    ).toBe(admitted);
  });

  it('says why each of the others waits', () => {
    const { waiting } = admit(jobs({ nodes: 5, createdAt: OLD }, 9, 4), inUse(6), TEN, NOW);
    expect([...waiting]).toEqual([
      ['a', { kind: 'room', scope: 'deployment', of: 'nodes' }],
      ['b', { kind: 'room', scope: 'deployment', of: 'nodes' }],
    ]);
    const after = admit(jobs({ nodes: 5, createdAt: OLD }, 4, 3), inUse(3), limits({ nodes: 7 }), NOW);
    expect([...after.waiting.values()]).toEqual([
      { kind: 'room', scope: 'deployment', of: 'nodes' },
      { kind: 'kept', scope: 'deployment', for: 'a' },
      { kind: 'kept', scope: 'deployment', for: 'a' },
    ]);
  });

  it('keeps the room from one look at the queue to the next', () => {
    const head = jobs({ nodes: 6, createdAt: OLD });
    const small = (uid: string) => ({ ...jobs(2)[0], uid }) as QueuedJob;
    const first = admit([...head, small('s1'), small('s2'), small('s3')], inUse(5), TEN, NOW);
    expect(first.admitted.map(({ uid }) => uid)).toEqual(['s1', 's2']);
    const second = admit([...head, small('s3')], first.use, TEN, NOW);
    expect(second.admitted).toEqual([]);
    const [s1] = first.admitted;
    const third = admit([...head, small('s3'), small('s4')], s1 ? release(second.use, s1) : unused, TEN, NOW);
    expect(third.admitted.map(({ uid }) => uid)).toEqual(['s3']);
  });

  it('admits no more than it is asked for, and keeps what is kept', () => {
    const kept = admit(jobs({ nodes: 10, createdAt: OLD }), inUse(6), TEN, NOW).use;
    const { admitted, use } = admit(jobs({ uid: 'x' }, { uid: 'y' }), kept, TEN, NOW, 1);
    expect(admitted.map(({ uid }) => uid)).toEqual(['x']);
    expect(use.reserved).toEqual(kept.reserved);
  });
});
