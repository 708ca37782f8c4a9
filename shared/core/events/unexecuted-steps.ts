import { has, indices } from '../index-runs.ts';
import type { SeatRecord } from '../seat/seat-record.ts';
import type { TaskStep } from './state-step.ts';

/**
 * The tasks of a seat that will never run: what was not started, and is gone while the count of them grew. A task without
 * a record leaves its end in that count alone, so tasks that ended in the same report, which have one, are left out.
 */
export function unexecutedSteps(
  before: SeatRecord | undefined,
  after: SeatRecord | undefined,
  hasRecord: (index: number) => boolean,
): TaskStep[] {
  if (before === undefined || after === undefined) return [];
  const grown = after.ended.unexecuted - before.ended.unexecuted;
  if (grown <= 0) return [];
  const never = [...indices(before.unstarted)].filter((index) => !has(after.unstarted, index));
  const kept = new Set(after.active.map((task) => task.index));
  for (const { index, attempt, recorded, startedAt } of before.active) {
    if (startedAt !== undefined || attempt > 0 || recorded || kept.has(index)) continue;
    if (!has(after.unstarted, index) && !hasRecord(index)) never.push(index);
  }
  // What cannot be told apart is not told.
  const told = never.length > grown ? never.filter((index) => has(before.unstarted, index)) : never;
  return told.map((index) => ({
    kind: 'task',
    jobUid: after.jobUid,
    groupId: after.groupId,
    index,
    at: after.lastReportAt ?? after.nodeSince ?? 0,
    from: has(before.unstarted, index) ? 'PENDING' : 'ASSIGNED',
    to: 'UNEXECUTED',
    mark: '',
  }));
}
