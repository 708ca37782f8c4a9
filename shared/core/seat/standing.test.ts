import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aGroup, anActiveTask, aSeat } from '../../testing/seat-samples.ts';
import { awaitedAt, unfinished } from './seat-progress.ts';
import type { SeatRecord } from './seat-record.ts';
import { movesGroup, standingOf } from './standing.ts';

const retry = { index: 5, attempt: 1, recorded: true };
const failure = { index: 1, at: 1, exitCode: 1, description: '' };
const moves = (before: Partial<SeatRecord>, after: Partial<SeatRecord>, group = aGroup()) =>
  movesGroup(standingOf(aSeat(before)), standingOf(aSeat(after)), group);

describe('a change that may move the group', () => {
  const begun = aGroup({ begunAt: 1 });
  const barriers = aGroup({ barriers: [2, 4], begunAt: 1 });
  const busy: Partial<SeatRecord> = { active: [anActiveTask(20)], begun: true };
  const dry: Partial<SeatRecord> = { ...busy, unstarted: [] };
  const done: Partial<SeatRecord> = { ...dry, active: [] };
  const atTwo: Partial<SeatRecord> = { ...done, parked: { 2: [[1, 3, 1]] } };
  it.each<[string, Partial<SeatRecord>, Partial<SeatRecord>, typeof begun, boolean]>([
    ['a report while there is more to start', busy, { ...busy, lastReportAt: 5 }, begun, false],
    ['a success while there is more to start', busy, { ...busy, active: [] }, begun, false],
    ['the first start', {}, busy, aGroup(), true],
    ['a first start in a group that has begun', {}, busy, begun, false],
    ['a node that is lost', busy, { ...busy, state: 'LOST' }, begun, true],
    ['a failure', busy, { ...busy, firstFailure: failure }, begun, false],
    [
      'a failure in a group that fails fast',
      busy,
      { ...busy, firstFailure: failure },
      aGroup({ failFast: true, begunAt: 1 }),
      true,
    ],
    ['a failure before a barrier', busy, { ...busy, firstFailure: failure }, barriers, true],
    [
      'another failure before a barrier',
      { ...busy, firstFailure: failure },
      { ...busy, firstFailure: failure },
      barriers,
      false,
    ],
    ['the last start', busy, dry, begun, false],
    ['a report with nothing left to start', dry, { ...dry, lastReportAt: 5 }, begun, false],
    ['a retry', dry, { ...dry, retries: [retry] }, begun, false],
    ['the end of the last task', dry, done, begun, true],
    ['a heartbeat after it', done, { ...done, lastReportAt: 5 }, begun, false],
    ['work that is taken from another seat', done, { ...done, unstarted: [[7, 1, 1]] }, begun, false],
    ['the last one at the barrier', dry, atTwo, barriers, true],
    ['a heartbeat there', atTwo, { ...atTwo, lastReportAt: 5 }, barriers, false],
    [
      'one that goes on from there',
      atTwo,
      { ...atTwo, parked: { 2: [[1, 2, 1]] }, active: [anActiveTask(3, { runnable: 3 })] },
      barriers,
      false,
    ],
  ])('%s: %s', (_, before, after, group, expected) => {
    expect(moves(before, after, group)).toBe(expected);
  });

  it('is not the making of a seat', () => {
    expect(movesGroup(undefined, standingOf(aSeat()), aGroup())).toBe(false);
  });
});

const anySeat = fc
  .record({
    unstarted: fc.nat(2),
    retries: fc.nat(1),
    active: fc.array(fc.nat(6), { maxLength: 3 }),
    parked: fc.subarray([2, 4]),
  })
  .map(({ unstarted, retries, active, parked }) =>
    aSeat({
      unstarted: unstarted > 0 ? [[10, unstarted, 1]] : [],
      retries: retries > 0 ? [retry] : [],
      active: active.map((runnable, at) => anActiveTask(20 + at, { runnable })),
      parked: Object.fromEntries(parked.map((barrier) => [barrier, [[30 + barrier, 1, 1]]])),
      begun: true,
    }),
  );

it('no change is passed over by which a seat no longer holds its group back', () => {
  const group = aGroup({ barriers: [2, 4], begunAt: 1 });
  fc.assert(
    fc.property(anySeat, anySeat, (before, after) => {
      const holds = (seat: SeatRecord) => [
        ...group.barriers.map((barrier) => awaitedAt(seat, barrier) > 0),
        unfinished(seat) > 0,
      ];
      const after_ = holds(after);
      const isFreed = holds(before).some((held, at) => held && after_[at] === false);
      const moved = movesGroup(standingOf(before), standingOf(after), group);
      expect(moved).toBe(isFreed);
    }),
    { numRuns: 2000 },
  );
});
