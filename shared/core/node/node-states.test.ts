import { describe, expect, it } from 'vitest';
import { nodeEvents, nodeStateNames, nodeStates } from './node-states.ts';

/** The state after each event, in the order of `columns`; '-' where the event is not allowed. */
const columns = ['launched', 'reported', 'preempted', 'lost', 'stopped'] as const;
const expected: Record<string, readonly string[]> = {
  WANTED: ['STARTING', '-', '-', '-', 'STOPPED'],
  STARTING: ['-', 'RUNNING', 'DRAINING', 'LOST', 'STOPPED'],
  RUNNING: ['-', 'RUNNING', 'DRAINING', 'LOST', 'STOPPED'],
  DRAINING: ['-', 'DRAINING', 'DRAINING', 'LOST', 'STOPPED'],
  LOST: ['STARTING', '-', '-', '-', 'STOPPED'],
  STOPPED: ['-', '-', '-', '-', '-'],
};

describe('node states', () => {
  it('and events are all in the table below', () => {
    expect(Object.keys(expected)).toEqual([...nodeStateNames]);
    expect(columns).toEqual(nodeEvents);
  });

  it.each(nodeStateNames.flatMap((state) => columns.map((event, at) => ({ state, event, at }))))(
    '$state, $event',
    ({ state, event, at }) => {
      expect(nodeStates.next(state, event) ?? '-').toBe(expected[state]?.[at]);
    },
  );
});
