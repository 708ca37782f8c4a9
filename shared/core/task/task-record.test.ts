import { describe, expect, it } from 'vitest';
import { type Attempt, applyTaskChange, type TaskChange, type TaskRecord } from './task-record.ts';

const first: Attempt = { attempt: 0, zone: 'z', instanceId: '1', assignedAt: 10, startedAt: 20 };
const change = (given: Partial<TaskChange> & Pick<TaskChange, 'kind'>): TaskChange =>
  ({ index: 3, recorded: false, attempt: first, ...given }) as TaskChange;

describe('the record after a change', () => {
  const failed: Attempt = { ...first, endedAt: 30, outcome: 'FAILED', exitCode: 7 };
  const succeeded: Attempt = { ...first, endedAt: 30, outcome: 'SUCCEEDED' };
  it.each<[string, TaskChange, TaskRecord['state']]>([
    ['events', change({ kind: 'events' }), 'RUNNING'],
    ['parked', change({ kind: 'parked' }), 'RUNNING'],
    ['attempt-failed', change({ kind: 'attempt-failed', attempt: failed }), 'PENDING'],
    ['ended well', change({ kind: 'ended', attempt: succeeded }), 'SUCCEEDED'],
    ['ended badly', change({ kind: 'ended', attempt: failed }), 'FAILED'],
  ])('%s', (_, given, state) => {
    expect(applyTaskChange(undefined, given)).toEqual({ index: 3, state, attempts: [given.attempt] });
  });

  it('stopped says why, and when', () => {
    const stopped = { at: 50, from: 'PENDING', reason: 'the job being cancelled' } as const;
    expect(applyTaskChange(undefined, change({ kind: 'stopped', ...stopped }))).toEqual({
      index: 3,
      state: 'FAILED',
      attempts: [first],
      stopped,
    });
  });
});

describe('the record of a task with a past', () => {
  const parked = applyTaskChange(
    undefined,
    change({ kind: 'parked', attempt: { ...first, events: [[15, 'a']] } }),
  );

  it('keeps when an attempt was first assigned and started', () => {
    const again: Attempt = { ...first, assignedAt: 80, startedAt: 80, endedAt: 99, outcome: 'SUCCEEDED' };
    const { state, attempts } = applyTaskChange(
      parked,
      change({ kind: 'ended', recorded: true, attempt: again }),
    );
    expect(state).toBe('SUCCEEDED');
    const events = [[15, 'a']];
    expect(attempts).toEqual([{ ...first, endedAt: 99, outcome: 'SUCCEEDED', events }]);
  });

  it('adds custom status events in the order of time, each once', () => {
    const events: [number, string][] = [
      [40, 'c'],
      [15, 'a'],
      [12, 'b'],
      [15, 'other'],
    ];
    const more = change({ kind: 'events', recorded: true, attempt: { ...first, events } });
    const once = applyTaskChange(parked, more);
    expect(once.attempts[0]?.events).toEqual([
      [12, 'b'],
      [15, 'a'],
      [15, 'other'],
      [40, 'c'],
    ]);
    expect(applyTaskChange(once, more)).toEqual(once);
  });

  it('has all attempts in their order', () => {
    const second: Attempt = { ...first, attempt: 1, instanceId: '2', endedAt: 90, outcome: 'SUCCEEDED' };
    const before = applyTaskChange(
      undefined,
      change({ kind: 'attempt-failed', attempt: { ...first, outcome: 'FAILED', exitCode: 7 } }),
    );
    const after = applyTaskChange(before, change({ kind: 'ended', recorded: true, attempt: second }));
    expect(after.state).toBe('SUCCEEDED');
    expect(after.attempts.map(({ attempt, exitCode }) => [attempt, exitCode])).toEqual([
      [0, 7],
      [1, undefined],
    ]);
  });

  it('leaves the attempt of a stopped task where it ran', () => {
    const failed: Attempt = { ...first, endedAt: 30, outcome: 'FAILED', exitCode: 50001 };
    const before = applyTaskChange(undefined, change({ kind: 'attempt-failed', attempt: failed }));
    const elsewhere: Attempt = { attempt: 0, zone: 'z', instanceId: '2', assignedAt: 70 };
    const stop = { at: 70, from: 'PENDING', reason: 'the job being cancelled' } as const;
    const stopped = change({ kind: 'stopped', recorded: true, attempt: elsewhere, ...stop });
    expect(applyTaskChange(before, stopped)).toEqual({
      index: 3,
      state: 'FAILED',
      attempts: [failed],
      stopped: stop,
    });
  });

  it('is not changed itself', () => {
    const before = structuredClone(parked);
    applyTaskChange(parked, change({ kind: 'events', attempt: { ...first, events: [[9, 'x']] } }));
    expect(parked).toEqual(before);
  });
});
