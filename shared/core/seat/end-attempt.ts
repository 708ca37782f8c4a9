import type { GroupRecord } from '../group/group-record.ts';
import { stopReason } from '../group/group-record.ts';
import { isRetried } from '../retry.ts';
import { failureText } from '../task/task-events.ts';
import type { Attempt, TaskChange } from '../task/task-record.ts';
import type { ActiveTask, NodeInfo, SeatRecord } from './seat-record.ts';

/** The attempt of an active task, as far as its seat knows it. */
export function attemptOf(task: ActiveTask, node: NodeInfo): Attempt {
  return {
    attempt: task.attempt,
    zone: node.zone,
    instanceId: node.instanceId,
    assignedAt: task.assignedAt,
    ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt }),
  };
}

/** Takes a succeeded task out of the seat's active ones. Mutates `seat`; the caller removes the task from `active`. */
export function succeed(seat: SeatRecord, task: ActiveTask, attempt: Attempt, now: number): TaskChange {
  seat.ended.succeeded += 1;
  const ended: Attempt = { ...attempt, endedAt: attempt.endedAt ?? now, outcome: 'SUCCEEDED' };
  return { kind: 'ended', index: task.index, recorded: task.recorded, attempt: ended };
}

/**
 * What a failed attempt leads to: another attempt where the retry rules allow it and the group still runs, else the
 * task's end. Mutates `seat`; the caller removes the task from `active`.
 */
export function fail(
  seat: SeatRecord,
  group: GroupRecord,
  task: ActiveTask,
  attempt: Attempt & { exitCode: number },
  now: number,
): TaskChange {
  const ended: Attempt & { exitCode: number } = {
    ...attempt,
    endedAt: attempt.endedAt ?? now,
    outcome: 'FAILED',
  };
  if (group.stop === undefined && isRetried(group.retry, task.attempt, attempt.exitCode)) {
    seat.retries.push({ index: task.index, attempt: task.attempt + 1, recorded: true });
    return { kind: 'attempt-failed', index: task.index, recorded: task.recorded, attempt: ended };
  }
  if (group.stop !== undefined && ended.reason === undefined && ended.exitCode === 50000) {
    ended.reason = stopReason(group.stop);
  }
  recordFailure(seat, task.index, ended.endedAt ?? now, ended.exitCode, describe(task, ended));
  return { kind: 'ended', index: task.index, recorded: task.recorded, attempt: ended };
}

/** Counts a failed task and remembers the seat's first, which the job's event quotes. Mutates `seat`. */
export function recordFailure(
  seat: SeatRecord,
  index: number,
  at: number,
  exitCode: number,
  description: string,
): void {
  seat.ended.failed += 1;
  seat.firstFailure ??= { index, at, exitCode, description };
}

function describe(task: ActiveTask, attempt: Attempt & { exitCode: number }): string {
  const from = task.startedAt === undefined ? 'ASSIGNED' : 'RUNNING';
  return failureText(from, attempt, attempt.exitCode, attempt.reason);
}
