import { describe, expect, it } from 'vitest';
import {
  aGroup,
  anActiveTask,
  anAssignedTask,
  aReport,
  aSeat,
  node,
  said,
} from '../../testing/seat-samples.ts';
import type { GroupRecord } from '../group/group-record.ts';
import { applyReport, type TaskReport } from './apply-report.ts';
import type { SeatRecord } from './seat-record.ts';

const NOW = 1000;
const apply = (seat: SeatRecord, group: GroupRecord, tasks: TaskReport[], maxChanges = 100) =>
  applyReport(seat, group, aReport(tasks), NOW, maxChanges);
const attempt = { attempt: 0, zone: 'local-a', instanceId: '7', assignedAt: 10 };

describe('a report on an active task', () => {
  it('that started: it runs from then on, and no record is written', () => {
    const seat = aSeat({ active: [anAssignedTask(3)] });
    const { changes, verdicts } = apply(seat, aGroup(), [said(3, { startedAt: 900, runnable: 2 })]);
    expect(changes).toEqual([]);
    expect(verdicts).toEqual(['KEEP']);
    expect(seat).toMatchObject({ begun: true, lastReportAt: NOW, active: [{ startedAt: 900, runnable: 2 }] });
  });

  it.each([
    ['without times', {}, { startedAt: NOW, endedAt: NOW }],
    ['that began and ended between two reports', { endedAt: 950 }, { startedAt: 950, endedAt: 950 }],
    ['with both times', { startedAt: 940, endedAt: 950 }, { startedAt: 940, endedAt: 950 }],
  ])('that succeeded %s', (_, times, expected) => {
    const seat = aSeat({ active: [anAssignedTask(3)], lossesInARow: 2 });
    const { changes, verdicts } = apply(seat, aGroup(), [said(3, { state: 'SUCCEEDED', ...times })]);
    expect(verdicts).toEqual(['RELEASE']);
    const ended = { ...attempt, ...expected, outcome: 'SUCCEEDED' };
    expect(changes).toEqual([{ kind: 'ended', index: 3, recorded: false, attempt: ended }]);
    expect(seat).toMatchObject({ active: [], ended: { succeeded: 1, failed: 0 }, lossesInARow: 0 });
  });

  it('that failed for good: its end is quoted, and the node is no lost one', () => {
    const seat = aSeat({ active: [anActiveTask(3)], lossesInARow: 2 });
    const failed = said(3, { state: 'FAILED', exitCode: 7, endedAt: 950 });
    const { changes, verdicts } = apply(seat, aGroup(), [failed]);
    expect(verdicts).toEqual(['RELEASE']);
    const ended = { ...attempt, startedAt: 20, endedAt: 950, exitCode: 7, outcome: 'FAILED' };
    expect(changes).toEqual([{ kind: 'ended', index: 3, recorded: false, attempt: ended }]);
    const description =
      'Task state is updated from RUNNING to FAILED on zones/local-a/instances/7 with exit code 7.';
    expect(seat.firstFailure).toEqual({ index: 3, at: 950, exitCode: 7, description });
    expect(seat).toMatchObject({ active: [], retries: [], ended: { failed: 1 }, lossesInARow: 0 });
  });

  it('that failed and is retried: it waits for its next attempt', () => {
    const seat = aSeat({ active: [anActiveTask(3)] });
    const group = aGroup({ retry: { maxRetryCount: 1 } });
    const { changes } = apply(seat, group, [said(3, { state: 'FAILED', exitCode: 7 })]);
    expect(changes).toMatchObject([{ kind: 'attempt-failed', index: 3, attempt: { exitCode: 7 } }]);
    expect(seat).toMatchObject({ active: [], retries: [{ index: 3, attempt: 1, recorded: true }] });
    expect(seat.ended.failed).toBe(0);
    expect(seat.firstFailure).toBeUndefined();
  });

  it('that has a custom status event: its record is begun', () => {
    const seat = aSeat({ active: [anActiveTask(3)] });
    const { changes, verdicts } = apply(seat, aGroup(), [said(3, { events: [[930, 'half']] })]);
    expect(verdicts).toEqual(['KEEP']);
    const attemptNow = { ...attempt, startedAt: 20, events: [[930, 'half']] };
    expect(changes).toEqual([{ kind: 'events', index: 3, recorded: false, attempt: attemptNow }]);
    expect(seat.active).toMatchObject([{ index: 3, recorded: true }]);
  });

  it.each<{ name: string; tasks: TaskReport[] }>([
    { name: 'it does not hold', tasks: [said(9, { state: 'SUCCEEDED' })] },
    { name: 'it holds in a later attempt', tasks: [said(3, { state: 'SUCCEEDED', attempt: 0 })] },
    { name: 'it holds in an earlier attempt', tasks: [said(3, { state: 'FAILED', attempt: 2 })] },
  ])('$name changes nothing', ({ tasks }) => {
    const seat = aSeat({ active: [anActiveTask(3, { attempt: 1 })] });
    const before = structuredClone(seat);
    const { changes, verdicts } = apply(seat, aGroup(), tasks);
    expect([changes, verdicts]).toEqual([[], ['RELEASE']]);
    expect(seat).toEqual({ ...before, lastReportAt: NOW });
  });

  it('said twice ends once, in one report or in two', () => {
    const seat = aSeat({ active: [anActiveTask(3)] });
    const ended = said(3, { state: 'SUCCEEDED' });
    expect(apply(seat, aGroup(), [ended, ended]).changes).toHaveLength(1);
    expect(apply(seat, aGroup(), [ended]).changes).toHaveLength(0);
    expect(seat.ended.succeeded).toBe(1);
  });

  it('beyond the changes that one commit holds is left for the next report', () => {
    const seat = aSeat({ active: [0, 1, 2].map((index) => anActiveTask(index)) });
    const tasks = [0, 1, 2].map((index) => said(index, { state: 'SUCCEEDED' }));
    const first = apply(seat, aGroup(), tasks, 2);
    expect(first.verdicts).toEqual(['RELEASE', 'RELEASE', undefined]);
    expect(first.changes).toHaveLength(2);
    expect(apply(seat, aGroup(), tasks, 2).changes).toMatchObject([{ index: 2 }]);
  });
});

describe('what a report says of its node', () => {
  const states = (given: Partial<SeatRecord>, report: Parameters<typeof aReport>[1]) => {
    const seat = aSeat(given);
    applyReport(seat, aGroup(), aReport([], report), NOW, 100);
    return seat.state;
  };
  it.each([
    ['the first', { state: 'STARTING' }, {}, 'RUNNING'],
    ['a preemption notice', { state: 'RUNNING' }, { preempted: true }, 'DRAINING'],
    ['a preemption notice at once', { state: 'STARTING' }, { preempted: true }, 'DRAINING'],
    ['while it drains', { state: 'DRAINING' }, {}, 'DRAINING'],
    ['after it was given up', { state: 'LOST' }, {}, 'LOST'],
  ] as const)('%s', (_, given, report, state) => {
    expect(states(given, report)).toBe(state);
  });

  it('is kept for the events of its tasks', () => {
    const seat = aSeat({ active: [anActiveTask(3)] });
    const other = { ...node, instanceId: '8', zone: 'local-b' };
    const report = aReport([said(3, { state: 'SUCCEEDED' })], { node: other });
    const { changes } = applyReport(seat, aGroup(), report, NOW, 100);
    expect(seat.node).toEqual(other);
    expect(changes[0]?.attempt).toMatchObject({ zone: 'local-b', instanceId: '8' });
  });

  it.each([
    [false, 50006],
    [true, 50001],
  ])('that it stops (preempted: %s): its tasks are taken from it', (preempted, exitCode) => {
    const seat = aSeat({ unstarted: [], active: [anActiveTask(3), anAssignedTask(4)] });
    const report = aReport([said(3)], { stopped: true, preempted });
    const { changes, verdicts } = applyReport(seat, aGroup(), report, NOW, 100);
    expect(verdicts).toEqual(['KEEP']);
    expect(changes).toMatchObject([{ kind: 'ended', index: 3, attempt: { exitCode } }]);
    expect(seat).toMatchObject({ active: [], unstarted: [[4, 1, 1]], ended: { failed: 1 } });
  });
});
