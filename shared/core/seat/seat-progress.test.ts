import { describe, expect, it } from 'vitest';
import { anActiveTask, anAssignedTask, aSeat } from '../../testing/seat-samples.ts';
import { awaitedAt, awaitedByAll, groupProgress, noTasks, seatCounts, unfinished } from './seat-progress.ts';

/** One that has tasks in every place: 10 unstarted, 1 between attempts, 4 on its node, 5 at barriers, 6 ended. */
const mixed = () =>
  aSeat({
    retries: [{ index: 20, attempt: 1, recorded: true }],
    active: [
      anAssignedTask(21),
      anActiveTask(22),
      anActiveTask(23, { runnable: 2 }),
      anActiveTask(24, { runnable: 5 }),
    ],
    parked: { 2: [[30, 2, 1]], 4: [[40, 3, 1]] },
    ended: { succeeded: 3, failed: 2, unexecuted: 1 },
  });

it('seatCounts: by state', () => {
  expect(seatCounts(mixed())).toEqual({
    PENDING: 11,
    ASSIGNED: 1,
    RUNNING: 8,
    SUCCEEDED: 3,
    FAILED: 2,
    UNEXECUTED: 1,
  });
  expect(unfinished(mixed())).toBe(20);
});

it.each([
  // Unstarted and between attempts: 11. Then those on the node, and those at an earlier barrier.
  { barrier: 2, awaited: 11 + 2 },
  { barrier: 4, awaited: 11 + 3 + 2 },
  { barrier: 6, awaited: 11 + 4 + 5 },
])('awaitedAt barrier $barrier: $awaited', ({ barrier, awaited }) => {
  expect(awaitedAt(mixed(), barrier)).toBe(awaited);
});

describe('groupProgress', () => {
  const failure = (index: number, at: number) => ({ index, at, exitCode: 1, description: `of ${index}` });

  it('sums up the seats', () => {
    const other = aSeat({ begun: true, unstarted: [[50, 5, 1]] });
    const progress = groupProgress([mixed(), other]);
    expect(progress).toMatchObject({ begun: true, failure: undefined });
    expect(awaitedByAll([mixed(), other], 2)).toBe(18);
    expect(unfinished(mixed()) + unfinished(other)).toBe(25);
    expect(progress.counts).toMatchObject({ PENDING: 16, SUCCEEDED: 3 });
  });

  it('has nothing without seats', () => {
    expect(awaitedByAll([], 2)).toBe(0);
    expect(groupProgress([])).toEqual({ counts: noTasks, begun: false, failure: undefined });
  });

  it('names the failure that came first', () => {
    const seats = [
      [7, 300],
      [8, 100],
      [9, 200],
    ].map(([index = 0, at = 0]) => aSeat({ firstFailure: failure(index, at) }));
    expect(groupProgress([aSeat(), ...seats]).failure?.index).toBe(8);
  });
});
