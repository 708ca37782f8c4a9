import { describe, expect, it } from 'vitest';
import { aGroup, anActiveTask, aSeat } from '../../testing/seat-samples.ts';
import { type StopCause, stopReason } from '../group/group-record.ts';
import { stopSeat } from './stop-seat.ts';

const NOW = 1000;
const group = aGroup({ barriers: [2], stop: { kind: 'CANCELLED' } });

describe('stopSeat', () => {
  it('ends all that is not running', () => {
    const seat = aSeat({
      retries: [{ index: 11, attempt: 2, recorded: true }],
      active: [anActiveTask(12)],
      parked: { 2: [[13, 2, 1]] },
      parkedAttempts: { 14: 1 },
    });
    const changes = stopSeat(seat, group, NOW, 100);
    const stopped = { kind: 'stopped', recorded: true, at: NOW, reason: 'the job being cancelled' };
    expect(changes).toMatchObject([
      { ...stopped, index: 11, from: 'PENDING', attempt: { attempt: 1 } },
      { ...stopped, index: 13, from: 'RUNNING', attempt: { attempt: 0 } },
      { ...stopped, index: 14, from: 'RUNNING', attempt: { attempt: 1 } },
    ]);
    expect(seat).toMatchObject({ unstarted: [], retries: [], parked: {}, parkedAttempts: {} });
    expect(seat.active).toHaveLength(1);
    expect(seat.ended).toEqual({ succeeded: 0, failed: 3, unexecuted: 10 });
    expect(seat.firstFailure).toEqual({
      index: 11,
      at: NOW,
      exitCode: 50000,
      description: 'Task state is updated from PENDING to FAILED due to the job being cancelled.',
    });
  });

  it('changes nothing when it is called again', () => {
    const seat = aSeat({ retries: [{ index: 11, attempt: 1, recorded: true }] });
    stopSeat(seat, group, NOW, 100);
    const before = structuredClone(seat);
    expect(stopSeat(seat, group, NOW + 1, 100)).toEqual([]);
    expect(seat).toEqual(before);
  });

  it('goes on where it stopped when a commit is full', () => {
    const seat = aSeat({
      retries: [1, 2, 3].map((index) => ({ index, attempt: 1, recorded: true })),
      parked: { 2: [[14, 3, 1]], 4: [[20, 1, 1]] },
    });
    const rounds = Array.from({ length: 5 }, () => stopSeat(seat, group, NOW, 2).map(({ index }) => index));
    expect(rounds).toEqual([[1, 2], [3, 14], [15, 16], [20], []]);
    expect(seat.ended).toEqual({ succeeded: 0, failed: 7, unexecuted: 10 });
  });
});

describe('stopReason', () => {
  it.each<[StopCause, string]>([
    [{ kind: 'CANCELLED' }, 'the job being cancelled'],
    [{ kind: 'DELETED' }, 'the job being deleted'],
    [{ kind: 'FAIL_FAST', task: 4 }, 'the failure of task 4 (failFast)'],
    [
      { kind: 'BARRIER_UNREACHABLE', task: 4 },
      'the failure of task 4, without which the barrier cannot be reached',
    ],
    [{ kind: 'NODES_LOST', seat: 2, reason: 'no image' }, 'the loss of nodes in seat 2: no image'],
    [{ kind: 'RUN_DIED', reason: 'it timed out' }, 'the end of its run: it timed out'],
  ])('%j', (cause, reason) => {
    expect(stopReason(cause)).toBe(reason);
  });
});
