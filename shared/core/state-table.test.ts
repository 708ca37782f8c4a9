import { describe, expect, it } from 'vitest';
import { jobEvents, jobStates } from './job/job-states.ts';
import { nodeEvents, nodeStates } from './node/node-states.ts';
import { describeStates, IllegalTransitionError, type StateTable, stateTable } from './state-table.ts';
import { taskEvents, taskStates } from './task/task-states.ts';

type Light = 'RED' | 'GREEN' | 'BROKEN';
type Signal = 'go' | 'halt' | 'fail';
const states: readonly Light[] = ['RED', 'GREEN', 'BROKEN'];
const light = stateTable<Light, Signal>('light', states, [
  { from: 'RED', on: 'go', to: 'GREEN', because: 'the road is free' },
  { from: ['GREEN', 'RED'], on: 'halt', to: 'RED', because: 'somebody crosses' },
  { from: ['GREEN', 'RED'], on: 'fail', to: 'BROKEN', because: 'it is old' },
]);

describe('a state table', () => {
  it('knows the state after an event', () => {
    expect(light.next('RED', 'go')).toBe('GREEN');
    expect(light.next('GREEN', 'go')).toBeUndefined();
    expect(light.move('GREEN', 'halt')).toBe('RED');
  });

  it('throws where it has no row, and names state and event', () => {
    const move = () => light.move('BROKEN', 'go');
    expect(move).toThrow(IllegalTransitionError);
    expect(move).toThrow('light: go is not allowed in state BROKEN');
  });

  it('refuses two rows for one cell', () => {
    const table = () =>
      stateTable<Light, Signal>('light', states, [
        { from: 'RED', on: 'go', to: 'GREEN', because: '' },
        { from: ['GREEN', 'RED'], on: 'go', to: 'RED', because: '' },
      ]);
    expect(table).toThrow('light: two transitions for RED go');
  });

  it('says which states nothing leads out of', () => {
    expect([...light.settled()]).toEqual(['BROKEN']);
    expect([...light.settled(['halt', 'fail'])]).toEqual(['GREEN', 'BROKEN']);
  });

  it('is written down as a diagram and a table', () => {
    expect(describeStates(light)).toBe(
      [
        '```mermaid',
        'stateDiagram-v2',
        '  [*] --> RED',
        '  RED --> GREEN: go',
        '  GREEN --> RED: halt',
        '  RED --> RED: halt',
        '  GREEN --> BROKEN: fail',
        '  RED --> BROKEN: fail',
        '```',
        '',
        '| from | on | to | because |',
        '|---|---|---|---|',
        '| RED | go | GREEN | the road is free |',
        '| GREEN, RED | halt | RED | somebody crosses |',
        '| GREEN, RED | fail | BROKEN | it is old |',
      ].join('\n'),
    );
  });
});

describe.each<{ table: StateTable<string, string>; events: readonly string[] }>([
  { table: jobStates, events: jobEvents },
  { table: taskStates, events: taskEvents },
  { table: nodeStates, events: nodeEvents },
])('the table of $table.name states', ({ table, events }) => {
  it('names only states that it has', () => {
    const named = table.transitions.flatMap(({ from, to }) => [from, to].flat());
    expect(new Set(named)).toEqual(new Set(table.states));
  });

  it('has a use for each event, and says why of each row', () => {
    expect(new Set(table.transitions.map(({ on }) => on))).toEqual(new Set(events));
    for (const { because } of table.transitions) expect(because).not.toBe('');
  });

  it('reaches each state from the first', () => {
    const reached = new Set(table.states.slice(0, 1));
    for (const state of reached) {
      for (const event of events) {
        const next = table.next(state, event);
        if (next !== undefined) reached.add(next);
      }
    }
    expect([...reached].sort()).toEqual([...table.states].sort());
  });
});
