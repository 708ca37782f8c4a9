import { describe, expect, it } from 'vitest';
import { attemptEvents, failureText, nodePath, taskEvents } from './task-events.ts';
import type { Attempt } from './task-record.ts';

const node = { zone: 'us-central1-a', instanceId: '1234567890' };
const on = 'on zones/us-central1-a/instances/1234567890';

it('nodePath', () => {
  expect(nodePath(node)).toBe('zones/us-central1-a/instances/1234567890');
});

describe('the event of a failed attempt', () => {
  it.each([
    ['RUNNING', 127, `Task state is updated from RUNNING to FAILED ${on} with exit code 127.`],
    ['ASSIGNED', 1, `Task state is updated from ASSIGNED to FAILED ${on} with exit code 1.`],
    ['RUNNING', 50000, `Task state is updated from RUNNING to FAILED ${on} with exit code 50000.`],
    [
      'RUNNING',
      50001,
      `Task state is updated from RUNNING to FAILED ${on} due to Spot VM preemption with exit code 50001.`,
    ],
    [
      'PENDING',
      50002,
      `Task state is updated from PENDING to FAILED ${on} due to Batch no longer receives VM updates with exit code 50002.`,
    ],
    [
      'RUNNING',
      50003,
      `Task state is updated from RUNNING to FAILED ${on} due to VM is rebooted during task execution with exit code 50003.`,
    ],
    [
      'RUNNING',
      50004,
      `Task state is updated from RUNNING to FAILED ${on} due to tasks cannot be canceled with exit code 50004.`,
    ],
    [
      'RUNNING',
      50005,
      `Task state is updated from RUNNING to FAILED ${on} due to task runs over the maximum runtime with exit code 50005.`,
    ],
    [
      'RUNNING',
      50006,
      `Task state is updated from RUNNING to FAILED ${on} due to VM is recreated during task execution with exit code 50006.`,
    ],
  ] as const)('%s, %i', (from, exitCode, text) => {
    expect(failureText(from, node, exitCode)).toBe(text);
  });

  it('gives the reason that is known instead of that of the code', () => {
    expect(failureText('RUNNING', node, 50000, 'the job being cancelled')).toBe(
      `Task state is updated from RUNNING to FAILED ${on} due to the job being cancelled with exit code 50000.`,
    );
  });
});

const assigned: Attempt = { attempt: 0, ...node, assignedAt: 10 };
const started: Attempt = { ...assigned, startedAt: 20 };
const lines = {
  assigned: {
    at: 10,
    description: `Task state is updated from PENDING to ASSIGNED ${on}.`,
    state: 'ASSIGNED',
  },
  started: { at: 20, description: `Task state is updated from ASSIGNED to RUNNING ${on}.`, state: 'RUNNING' },
};

describe('the events of an attempt', () => {
  it.each<[string, Attempt, object[]]>([
    ['assigned', assigned, [lines.assigned]],
    ['started', started, [lines.assigned, lines.started]],
    [
      'succeeded, without an exit code',
      { ...started, endedAt: 30, outcome: 'SUCCEEDED', exitCode: 0 },
      [
        lines.assigned,
        lines.started,
        {
          at: 30,
          description: `Task state is updated from RUNNING to SUCCEEDED ${on}.`,
          state: 'SUCCEEDED',
        },
      ],
    ],
    [
      'failed, with its exit code',
      { ...started, endedAt: 30, outcome: 'FAILED', exitCode: 7 },
      [
        lines.assigned,
        lines.started,
        {
          at: 30,
          description: `Task state is updated from RUNNING to FAILED ${on} with exit code 7.`,
          state: 'FAILED',
          exitCode: 7,
        },
      ],
    ],
    [
      'failed before it started, nobody knows with what',
      { ...assigned, endedAt: 30, outcome: 'FAILED' },
      [
        lines.assigned,
        {
          at: 30,
          description: `Task state is updated from ASSIGNED to FAILED ${on} with exit code 50000.`,
          state: 'FAILED',
          exitCode: 50000,
        },
      ],
    ],
    [
      'with custom status events, which name no state',
      {
        ...started,
        events: [
          [25, 'half'],
          [26, 'more'],
        ],
      },
      [lines.assigned, lines.started, { at: 25, description: 'half' }, { at: 26, description: 'more' }],
    ],
  ])('%s', (_, attempt, expected) => {
    expect(attemptEvents(attempt)).toEqual(expected);
  });
});

describe('the events of a task', () => {
  it('are those of all attempts and of its stop, in the order of time', () => {
    const retried: Attempt = { ...started, endedAt: 30, outcome: 'FAILED', exitCode: 7 };
    const second: Attempt = { ...assigned, attempt: 1, instanceId: '2', assignedAt: 40 };
    const stopped = { at: 60, from: 'RUNNING', reason: 'the job being cancelled' } as const;
    const events = taskEvents({ index: 3, state: 'FAILED', attempts: [second, retried], stopped });
    expect(events.map(({ at }) => at)).toEqual([10, 20, 30, 40, 60]);
    expect(events.at(-1)).toEqual({
      at: 60,
      description: 'Task state is updated from RUNNING to FAILED due to the job being cancelled.',
      state: 'FAILED',
    });
  });

  it('of one moment stay in their order', () => {
    const at = { assignedAt: 5, startedAt: 5, endedAt: 5 };
    const attempt: Attempt = { ...assigned, ...at, outcome: 'SUCCEEDED', events: [[5, 'x']] };
    const events = taskEvents({ index: 3, state: 'SUCCEEDED', attempts: [attempt] });
    expect(events.map(({ state }) => state)).toEqual(['ASSIGNED', 'RUNNING', undefined, 'SUCCEEDED']);
  });
});
