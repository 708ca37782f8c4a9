import { describe, expect, it } from 'vitest';
import { isFinished, isLive, jobEvents, jobStateNames, jobStates } from './job-states.ts';

/** The state after each event, in the order of `columns`; '-' where the event is not allowed. */
const columns = [
  'admitted',
  'task-started',
  'tasks-succeeded',
  'failed',
  'cancel-requested',
  'resources-freed',
  'delete-requested',
] as const;
const cancelling = 'CANCELLATION_IN_PROGRESS';
const deleting = 'DELETION_IN_PROGRESS';
const expected: Record<string, readonly string[]> = {
  QUEUED: ['SCHEDULED', '-', '-', 'FAILED', cancelling, '-', deleting],
  SCHEDULED: ['-', 'RUNNING', '-', 'FAILED', cancelling, '-', deleting],
  RUNNING: ['-', '-', 'SUCCEEDED', 'FAILED', cancelling, '-', deleting],
  SUCCEEDED: ['-', '-', '-', '-', '-', '-', deleting],
  FAILED: ['-', '-', '-', '-', '-', '-', deleting],
  CANCELLATION_IN_PROGRESS: ['-', '-', '-', '-', '-', 'CANCELLED', deleting],
  CANCELLED: ['-', '-', '-', '-', '-', '-', deleting],
  DELETION_IN_PROGRESS: ['-', '-', '-', '-', '-', '-', '-'],
};

describe('job states', () => {
  it('and events are all in the table below', () => {
    expect(Object.keys(expected)).toEqual([...jobStateNames]);
    expect(columns).toEqual(jobEvents);
  });

  it.each(jobStateNames.flatMap((state) => columns.map((event, at) => ({ state, event, at }))))(
    '$state, $event',
    ({ state, event, at }) => {
      expect(jobStates.next(state, event) ?? '-').toBe(expected[state]?.[at]);
    },
  );

  it('are finished when the outcome is known, and live while the job wants nodes', () => {
    expect(jobStateNames.filter(isFinished)).toEqual(['SUCCEEDED', 'FAILED', 'CANCELLED']);
    expect(jobStateNames.filter(isLive)).toEqual(['QUEUED', 'SCHEDULED', 'RUNNING']);
  });
});
