import { describe, expect, it } from 'vitest';
import { aGroup, anActiveTask, anAssignedTask, aReport, aSeat, said } from '../../testing/seat-samples.ts';
import type { GroupRecord } from '../group/group-record.ts';
import { applyReport, type TaskReport, type Verdict } from './apply-report.ts';
import { awaitedAt } from './seat-progress.ts';
import type { SeatRecord } from './seat-record.ts';

const NOW = 1000;
const apply = (seat: SeatRecord, group: GroupRecord, tasks: TaskReport[]) =>
  applyReport(seat, group, aReport(tasks), NOW, 100);

describe('a report at a barrier', () => {
  const group = aGroup({ barriers: [2, 4], retry: { maxRetryCount: 3 } });

  it('does not take what always runs after a failure for an arrival at the barrier before it', () => {
    const seat = aSeat({ unstarted: [], active: [anActiveTask(3)] });
    apply(seat, group, [said(3, { runnable: 3 })]);
    expect(awaitedAt(seat, 2)).toBe(1);
  });

  it('parks a task at a closed barrier, with its attempt', () => {
    const seat = aSeat({ active: [anActiveTask(3, { attempt: 1, recorded: true }), anActiveTask(4)] });
    const { changes, verdicts } = apply(seat, group, [said(3, { attempt: 1, runnable: 2 }), said(4)]);
    expect(verdicts).toEqual(['PARKED', 'KEEP']);
    expect(changes).toMatchObject([{ kind: 'parked', index: 3, recorded: true, attempt: { attempt: 1 } }]);
    expect(seat).toMatchObject({
      active: [{ index: 4 }],
      parked: { 2: [[3, 1, 1]] },
      parkedAttempts: { 3: 1 },
    });
  });

  it('lets a task pass an open one', () => {
    const seat = aSeat({ active: [anActiveTask(3)] });
    const { verdicts } = apply(seat, { ...group, reachedBarrier: 2 }, [said(3, { runnable: 2 })]);
    expect(verdicts).toEqual(['KEEP']);
    expect(seat.parked).toEqual({});
  });

  it('answers for a parked task until it is given to the node again', () => {
    const seat = aSeat({ parked: { 2: [[3, 1, 1]] }, parkedAttempts: { 3: 1 } });
    const again = said(3, { attempt: 1, runnable: 2 });
    expect(apply(seat, group, [again])).toEqual({ changes: [], verdicts: ['PARKED'] });
    expect(apply(seat, group, [{ ...again, attempt: 0 }]).verdicts).toEqual(['RELEASE']);
    expect(apply(structuredClone(seat), { ...group, stop: { kind: 'CANCELLED' } }, [again]).verdicts).toEqual(
      ['CANCEL'],
    );
    expect(seat.parked).toEqual({ 2: [[3, 1, 1]] });
  });

  it('records the custom status events of a parked task', () => {
    const seat = aSeat({ parked: { 2: [[3, 1, 1]] } });
    const { changes, verdicts } = apply(seat, group, [
      said(3, { runnable: 2, events: [[930, 'still here']] }),
    ]);
    expect(verdicts).toEqual(['PARKED']);
    expect(changes).toMatchObject([{ kind: 'events', index: 3, recorded: true }]);
    expect(changes[0]?.attempt.events).toEqual([[930, 'still here']]);
  });

  it('takes a parked task that failed from the barrier: what ran in its background has ended it', () => {
    const seat = aSeat({ parked: { 2: [[3, 2, 1]] }, parkedAttempts: { 3: 3 } });
    const failed = { state: 'FAILED', runnable: 2, exitCode: 9 } as const;
    const { changes, verdicts } = apply(seat, group, [said(3, { ...failed, attempt: 3 }), said(4, failed)]);
    expect(verdicts).toEqual(['RELEASE', 'RELEASE']);
    expect(changes).toMatchObject([
      { kind: 'ended', index: 3, attempt: { attempt: 3, exitCode: 9 } },
      { kind: 'attempt-failed', index: 4, attempt: { attempt: 0, exitCode: 9 } },
    ]);
    expect(seat).toMatchObject({ parked: {}, parkedAttempts: {}, retries: [{ index: 4, attempt: 1 }] });
    expect(seat.ended.failed).toBe(1);
  });
});

describe('a report to a stopped group', () => {
  it.each<{ kind: 'CANCELLED' | 'BARRIER_UNREACHABLE'; runnable: number; verdict: Verdict }>([
    { kind: 'CANCELLED', runnable: 1, verdict: 'CANCEL' },
    { kind: 'CANCELLED', runnable: 2, verdict: 'CANCEL' },
    { kind: 'BARRIER_UNREACHABLE', runnable: 1, verdict: 'KEEP' },
    { kind: 'BARRIER_UNREACHABLE', runnable: 2, verdict: 'CANCEL' },
  ])('$kind: a task at runnable $runnable gets $verdict', ({ kind, runnable, verdict }) => {
    const stop = kind === 'CANCELLED' ? { kind } : { kind, task: 0 };
    const seat = aSeat({ active: [anActiveTask(3)] });
    expect(apply(seat, aGroup({ barriers: [2], stop }), [said(3, { runnable })]).verdicts).toEqual([verdict]);
    expect(seat.active).toHaveLength(1);
  });

  const group = aGroup({ retry: { maxRetryCount: 3 }, stop: { kind: 'CANCELLED' } });

  it('a task that was killed has failed because of the stop, and is not retried', () => {
    const seat = aSeat({ active: [anActiveTask(3)] });
    const { changes } = apply(seat, group, [said(3, { state: 'FAILED', exitCode: 50000 })]);
    expect(changes).toMatchObject([{ kind: 'ended', attempt: { reason: 'the job being cancelled' } }]);
    expect(seat.firstFailure?.description).toBe(
      'Task state is updated from RUNNING to FAILED on zones/local-a/instances/7 due to the job being cancelled with exit code 50000.',
    );
  });

  it('a task that failed by itself keeps its own exit code, and one that succeeded has succeeded', () => {
    const seat = aSeat({ unstarted: [], active: [anActiveTask(3), anActiveTask(4)] });
    const { changes } = apply(seat, group, [
      said(3, { state: 'FAILED', exitCode: 7 }),
      said(4, { state: 'SUCCEEDED' }),
    ]);
    expect(changes[0]?.attempt).toMatchObject({ exitCode: 7 });
    expect(changes[0]?.attempt.reason).toBeUndefined();
    expect(seat.ended).toEqual({ succeeded: 1, failed: 1, unexecuted: 0 });
  });

  it('what the node has not begun is taken from it: UNEXECUTED, or FAILED after earlier attempts', () => {
    const retried = { attempt: 1, recorded: true };
    const seat = aSeat({
      unstarted: [],
      active: [anAssignedTask(3), anAssignedTask(4, retried), anAssignedTask(5), anAssignedTask(6, retried)],
    });
    const tasks = [said(3, { state: 'ASSIGNED', runnable: 0 }), said(4, { state: 'ASSIGNED', attempt: 1 })];
    // The answer that gave tasks 5 and 6 was lost: the agent does not list them.
    const { changes, verdicts } = apply(seat, group, tasks);
    expect(verdicts).toEqual(['RELEASE', 'RELEASE']);
    expect(changes).toMatchObject([
      { kind: 'stopped', index: 4, from: 'ASSIGNED', attempt: { attempt: 0 } },
      { kind: 'stopped', index: 6, from: 'ASSIGNED', attempt: { attempt: 0 } },
    ]);
    expect(seat).toMatchObject({ active: [], begun: false, ended: { unexecuted: 2, failed: 2 } });
  });

  it('what an earlier report left that did not know of the stop is ended, as far as the commit has room', () => {
    const retries = [7, 8, 9].map((index) => ({ index, attempt: 1, recorded: true }));
    const seat = aSeat({ active: [anActiveTask(3)], retries });
    const first = applyReport(seat, group, aReport([said(3)]), NOW, 2);
    expect(first.changes.map(({ kind, index }) => [kind, index])).toEqual([
      ['stopped', 7],
      ['stopped', 8],
    ]);
    expect(apply(seat, group, [said(3)]).changes).toMatchObject([{ kind: 'stopped', index: 9 }]);
    expect(seat).toMatchObject({ unstarted: [], retries: [], ended: { unexecuted: 10, failed: 3 } });
  });
});
