import { describe, expect, it } from 'vitest';
import { aGroup, anActiveTask, aSeat } from '../../testing/seat-samples.ts';
import type { SeatRecord } from '../seat/seat-record.ts';
import type { GroupRecord } from './group-record.ts';
import { holdsBack, nextStep, stopCause } from './next-step.ts';

const ended = (succeeded: number, given: Partial<SeatRecord> = {}) =>
  aSeat({ unstarted: [], ended: { succeeded, failed: 0, unexecuted: 0 }, ...given });
const parked = (barrier: number, count: number) => ended(0, { parked: { [barrier]: [[0, count, 1]] } });
const barriers = { barriers: [2, 4] };
const stop = { kind: 'CANCELLED' } as const;

describe('what a group has come to', () => {
  it.each<[string, Partial<GroupRecord>, SeatRecord[], ReturnType<typeof nextStep>]>([
    ['goes on while a task is to start', {}, [ended(9), aSeat({ unstarted: [[9, 1, 1]] })], undefined],
    ['ends with the last task', {}, [ended(4), ended(6)], { kind: 'end' }],
    [
      'opens the barrier that all wait at',
      barriers,
      [parked(2, 4), parked(2, 6)],
      { kind: 'open', barrier: 2 },
    ],
    [
      'counts what is at a later one',
      { ...barriers, reachedBarrier: 2 },
      [parked(4, 4), parked(2, 6)],
      undefined,
    ],
    [
      'counts what runs behind it',
      barriers,
      [parked(2, 9), ended(0, { active: [anActiveTask(9, { runnable: 3 })] })],
      { kind: 'open', barrier: 2 },
    ],
    ['opens none when it is stopped', { ...barriers, stop }, [parked(2, 10)], undefined],
    ['ends when it is stopped and nothing is left', { ...barriers, stop }, [ended(10)], { kind: 'end' }],
    // A task went from the second seat, read late, to the first one, read early.
    ['does not miss a task on its way between two seats', {}, [ended(4), ended(5)], undefined],
    ['does not open without it either', barriers, [parked(2, 4), parked(2, 5)], undefined],
    ['does not end without all seats', {}, [], undefined],
  ])('%s', (_, group, seats, step) => {
    expect(nextStep(aGroup(group), seats)).toEqual(step);
  });

  it.each<[string, Partial<GroupRecord>, SeatRecord, boolean]>([
    ['a seat with work', {}, aSeat(), true],
    ['a seat without', {}, ended(3), false],
    ['a seat that waits at the barrier', barriers, parked(2, 3), false],
    ['a seat that waits at an earlier one', { ...barriers, reachedBarrier: 2 }, parked(2, 3), true],
    ['a seat that waits at the barrier of a stopped group', { ...barriers, stop }, parked(2, 3), true],
  ])('%s holds its group back: %s', (_, group, seat, expected) => {
    expect(holdsBack(aGroup(group), seat)).toBe(expected);
  });
});

describe('why a group with a failed task stops', () => {
  const failure = { index: 3, at: 1, exitCode: 1, description: '' };
  it.each([
    ['not at all', {}, undefined],
    ['when it fails fast', { failFast: true }, { kind: 'FAIL_FAST', task: 3 }],
    ['before a barrier', barriers, { kind: 'BARRIER_UNREACHABLE', task: 3 }],
    ['not behind the last barrier', { ...barriers, reachedBarrier: 4 }, undefined],
    ['not twice', { ...barriers, stop }, undefined],
  ])('%s', (_, group, cause) => {
    expect(stopCause(aGroup(group), failure)).toEqual(cause);
    expect(stopCause(aGroup(group), undefined)).toBeUndefined();
  });
});
