import type { GroupRecord } from '../group/group-record.ts';
import { stopReason } from '../group/group-record.ts';
import { size, takeFirst } from '../index-runs.ts';
import type { TaskChange } from '../task/task-record.ts';
import type { TaskStateName } from '../task/task-states.ts';
import { recordFailure } from './end-attempt.ts';
import { takeParked } from './parked.ts';
import type { SeatRecord } from './seat-record.ts';

/**
 * Ends what of a stopped group's seat is not running: tasks never tried become UNEXECUTED without a record of their
 * own; tasks between two attempts and tasks at a barrier FAILED, each with an event that says why. At most
 * `maxChanges` records change; call again while it returns as many. Mutates `seat`.
 */
export function stopSeat(
  seat: SeatRecord,
  group: GroupRecord,
  now: number,
  maxChanges: number,
): TaskChange[] {
  seat.ended.unexecuted += size(seat.unstarted);
  seat.unstarted = [];
  const changes: TaskChange[] = [];
  const stop = (task: { index: number; attempt: number; from: TaskStateName; recorded: boolean }) => {
    const change = stopTask(seat, group, task, now);
    if (change !== undefined) changes.push(change);
  };
  while (changes.length < maxChanges) {
    const retry = seat.retries[0];
    if (retry === undefined) break;
    seat.retries.shift();
    stop({ ...retry, from: 'PENDING' });
  }
  for (const [barrier, runs] of Object.entries(seat.parked)) {
    for (const index of takeFirst(structuredClone(runs), maxChanges - changes.length)) {
      stop({ index, attempt: takeParked(seat, index, Number(barrier)), from: 'RUNNING', recorded: true });
    }
  }
  return changes;
}

/** Ends one task of a stopped group. A first attempt that never ran leaves no record: UNEXECUTED. Mutates `seat`. */
export function stopTask(
  seat: SeatRecord,
  group: GroupRecord,
  task: { index: number; attempt: number; from: TaskStateName; recorded: boolean },
  now: number,
): TaskChange | undefined {
  if (task.attempt === 0 && !task.recorded) {
    seat.ended.unexecuted += 1;
    return undefined;
  }
  const reason = group.stop === undefined ? 'its group having ended' : stopReason(group.stop);
  const description = `Task state is updated from ${task.from} to FAILED due to ${reason}.`;
  recordFailure(seat, task.index, now, 50000, description);
  return {
    kind: 'stopped',
    index: task.index,
    recorded: task.recorded,
    at: now,
    from: task.from,
    reason,
    // What is on record of the attempt that waited, or of the one before, stays as it is.
    attempt: lastAttempt(seat, task, now),
  };
}

function lastAttempt(seat: SeatRecord, task: { attempt: number; from: TaskStateName }, now: number) {
  const attempt = task.from === 'RUNNING' ? task.attempt : Math.max(0, task.attempt - 1);
  return { attempt, zone: seat.node?.zone ?? '', instanceId: seat.node?.instanceId ?? '', assignedAt: now };
}
