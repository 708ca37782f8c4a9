import { describe, expect, it } from 'vitest';
import { endStates, taskEvents, taskStateNames, taskStates } from './task-states.ts';

/** The state after each event, in the order of `columns`; '-' where the event is not allowed. */
const columns = ['assigned', 'returned', 'started', 'succeeded', 'failed', 'retried', 'group-ended'] as const;
const expected: Record<string, readonly string[]> = {
  PENDING: ['ASSIGNED', '-', '-', '-', 'FAILED', '-', 'UNEXECUTED'],
  ASSIGNED: ['-', 'PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'PENDING', 'UNEXECUTED'],
  RUNNING: ['-', '-', '-', 'SUCCEEDED', 'FAILED', 'PENDING', '-'],
  SUCCEEDED: ['-', '-', '-', '-', '-', '-', '-'],
  FAILED: ['-', '-', '-', '-', '-', '-', '-'],
  UNEXECUTED: ['-', '-', '-', '-', '-', '-', '-'],
};

describe('task states', () => {
  it('and events are all in the table below', () => {
    expect(Object.keys(expected)).toEqual([...taskStateNames]);
    expect(columns).toEqual(taskEvents);
  });

  it.each(taskStateNames.flatMap((state) => columns.map((event, at) => ({ state, event, at }))))(
    '$state, $event',
    ({ state, event, at }) => {
      expect(taskStates.next(state, event) ?? '-').toBe(expected[state]?.[at]);
    },
  );

  it('that nothing leads out of are the ends', () => {
    expect([...endStates]).toEqual(['SUCCEEDED', 'FAILED', 'UNEXECUTED']);
  });
});
