import { describe, expect, it } from 'vitest';
import { aGroup, anActiveTask, aSeat } from '../../testing/seat-samples.ts';
import { indices } from '../index-runs.ts';
import { assign, room } from './assign.ts';

const NOW = 1000;

describe('room', () => {
  const active = [anActiveTask(20), anActiveTask(21)];
  it.each([
    ['the slots that are free', { active }, {}, 0, 2],
    ['and what its node will queue', { active }, {}, 8, 10],
    ['a queue of a quarter of what is left, where others could run it', {}, { seatCount: 2 }, 8, 6],
    ['no queue at the end, where others could run it', { unstarted: [[0, 3, 1]] }, { seatCount: 2 }, 8, 4],
    [
      'a queue of those whose barrier has opened, for no other node can run them',
      { unstarted: [], parked: { 2: [[20, 6, 1]] } },
      { seatCount: 2, barriers: [2], reachedBarrier: 2 },
      8,
      10,
    ],
    [
      'no queue of those whose barrier is closed',
      { unstarted: [], parked: { 2: [[20, 6, 1]] } },
      { seatCount: 2, barriers: [2], reachedBarrier: -1 },
      8,
      4,
    ],
    ['none when it holds more', { slots: 1, active }, {}, 0, 0],
    ['none for a node that drains', { state: 'DRAINING' }, {}, 8, 0],
    ['none for a node that did not report', { state: 'STARTING' }, {}, 8, 0],
    ['none in a stopped group', {}, { stop: { kind: 'CANCELLED' } }, 8, 0],
  ] as const)('%s', (_, seat, group, queueSize, expected) => {
    const given = structuredClone(seat) as Parameters<typeof aSeat>[0];
    expect(room(aSeat(given), aGroup(group), queueSize)).toBe(expected);
  });
});

describe('assign', () => {
  const retries = [{ index: 30, attempt: 2, recorded: true }];

  it('gives tasks whose barrier has opened first, then retries, then new ones', () => {
    const parked = { 2: [[20, 2, 1]], 4: [[25, 1, 1]] } as Record<number, [number, number, number][]>;
    const seat = aSeat({ parked, parkedAttempts: { 21: 1 }, retries: structuredClone(retries) });
    const given = assign(seat, aGroup({ barriers: [2, 4], reachedBarrier: 2 }), 5, NOW);
    const released = { recorded: true, assignedAt: NOW, startedAt: NOW, runnable: 2 };
    expect(given).toEqual([
      { index: 20, attempt: 0, ...released },
      { index: 21, attempt: 1, ...released },
      { index: 30, attempt: 2, recorded: true, assignedAt: NOW, runnable: 0 },
      { index: 0, attempt: 0, recorded: false, assignedAt: NOW, runnable: 0 },
      { index: 1, attempt: 0, recorded: false, assignedAt: NOW, runnable: 0 },
    ]);
    expect(seat).toMatchObject({
      active: given,
      parked: { 4: [[25, 1, 1]] },
      parkedAttempts: {},
      retries: [],
    });
    expect([...indices(seat.unstarted)]).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each([
    [0, []],
    [1, [20]],
    [3, [20, 30, 0]],
    [99, [20, 30, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('gives at most %i', (count, expected) => {
    const seat = aSeat({ parked: { 2: [[20, 1, 1]] }, retries: structuredClone(retries) });
    const given = assign(seat, aGroup({ barriers: [2], reachedBarrier: 2 }), count, NOW);
    expect(given.map(({ index }) => index)).toEqual(expected);
  });
});
