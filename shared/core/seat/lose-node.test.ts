import { describe, expect, it } from 'vitest';
import { aGroup, anActiveTask, anAssignedTask, aSeat } from '../../testing/seat-samples.ts';
import { closeEpoch, loseTasks } from './lose-node.ts';

const NOW = 1000;

describe('loseTasks', () => {
  it('gives back what the node had not begun, without a trace of an attempt', () => {
    const retried = anAssignedTask(4, { attempt: 1, recorded: true });
    const seat = aSeat({ unstarted: [[8, 2, 1]], active: [anAssignedTask(3), retried] });
    expect(loseTasks(seat, aGroup(), 'SILENT', NOW, 100)).toEqual([]);
    expect(seat).toMatchObject({
      active: [],
      unstarted: [
        [8, 2, 1],
        [3, 1, 1],
      ],
      retries: [{ index: 4, attempt: 1, recorded: true }],
      ended: { failed: 0 },
    });
  });

  it.each([
    ['PREEMPTED', 50001, 'Spot VM preemption'],
    ['SILENT', 50002, 'Batch no longer receives VM updates'],
  ] as const)('%s: what it had begun fails with %i', (cause, exitCode, reason) => {
    const seat = aSeat({ active: [anActiveTask(3)], parked: { 2: [[4, 1, 1]] }, parkedAttempts: { 4: 1 } });
    const changes = loseTasks(seat, aGroup({ barriers: [2] }), cause, NOW, 100);
    expect(changes).toMatchObject([
      { kind: 'ended', index: 3, recorded: false, attempt: { attempt: 0, exitCode, endedAt: NOW } },
      { kind: 'ended', index: 4, recorded: true, attempt: { attempt: 1, exitCode, endedAt: NOW } },
    ]);
    expect(seat).toMatchObject({ active: [], parked: {}, parkedAttempts: {}, ended: { failed: 2 } });
    expect(seat.firstFailure?.description).toBe(
      `Task state is updated from RUNNING to FAILED on zones/local-a/instances/7 due to ${reason} with exit code ${exitCode}.`,
    );
  });

  it('retries as the rules of the group say, from the start', () => {
    const policy = { action: 'RETRY_TASK', exitCodes: [50001] } as const;
    const group = aGroup({ barriers: [2], retry: { maxRetryCount: 2, policy } });
    const seat = aSeat({
      active: [anActiveTask(3), anActiveTask(5, { attempt: 2 })],
      parked: { 2: [[4, 1, 1]] },
    });
    const changes = loseTasks(seat, group, 'PREEMPTED', NOW, 100);
    expect(changes.map(({ kind, index }) => [kind, index])).toEqual([
      ['attempt-failed', 3],
      ['ended', 5],
      ['attempt-failed', 4],
    ]);
    expect(seat.retries).toMatchObject([
      { index: 3, attempt: 1 },
      { index: 4, attempt: 1 },
    ]);
    expect(loseTasks(aSeat({ active: [anActiveTask(3)] }), group, 'SILENT', NOW, 100)[0]?.kind).toBe('ended');
  });

  it('ends all of it when the group is stopped', () => {
    const group = aGroup({ barriers: [2], retry: { maxRetryCount: 9 }, stop: { kind: 'CANCELLED' } });
    const seat = aSeat({
      active: [anActiveTask(3), anAssignedTask(5), anAssignedTask(6, { attempt: 1, recorded: true })],
      parked: { 2: [[4, 1, 1]] },
    });
    const changes = loseTasks(seat, group, 'SILENT', NOW, 100);
    expect(changes.map(({ kind, index }) => [kind, index])).toEqual([
      ['ended', 3],
      ['stopped', 6],
      ['ended', 4],
    ]);
    expect(seat).toMatchObject({ active: [], retries: [], ended: { failed: 3, unexecuted: 1 } });
  });

  it('goes on where it stopped when a commit is full', () => {
    const seat = aSeat({
      active: [1, 2, 3].map((index) => anActiveTask(index)),
      parked: { 2: [[4, 3, 1]], 4: [[9, 1, 1]] },
    });
    const rounds = Array.from({ length: 5 }, () =>
      loseTasks(seat, aGroup({ barriers: [2, 4] }), 'SILENT', NOW, 2).map(({ index }) => index),
    );
    expect(rounds).toEqual([[1, 2], [3, 4], [5, 6], [9], []]);
    expect(seat).toMatchObject({ active: [], parked: {}, ended: { failed: 7 } });
  });

  it('of a node that never reported names no machine', () => {
    const { node: _, ...seat } = aSeat({ active: [anActiveTask(3)] });
    const [change] = loseTasks(seat, aGroup(), 'SILENT', NOW, 100);
    expect(change?.attempt).toMatchObject({ zone: 'unknown', instanceId: '0' });
  });
});

describe('closeEpoch', () => {
  it('fences the node off and adds up the time it was there', () => {
    const seat = aSeat({ nodeSince: 400, pastNodeMs: 50, lossesInARow: 1 });
    closeEpoch(seat, NOW);
    expect(seat).toMatchObject({ state: 'LOST', tokenHash: '', pastNodeMs: 650, lossesInARow: 2, epoch: 1 });
    expect(seat.nodeSince).toBeUndefined();
    closeEpoch(seat, NOW + 500);
    expect(seat).toMatchObject({ state: 'LOST', pastNodeMs: 650 });
  });

  it('leaves a seat stopped that is', () => {
    const seat = aSeat({ state: 'STOPPED' });
    closeEpoch(seat, NOW);
    expect(seat.state).toBe('STOPPED');
  });
});
