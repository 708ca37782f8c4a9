import { size } from '../index-runs.ts';
import type { TaskStateName } from '../task/task-states.ts';
import type { FailedTask, SeatRecord } from './seat-record.ts';

export type TaskCounts = Record<TaskStateName, number>;

/** Tasks of a seat by state. A task at a barrier is RUNNING. */
export function seatCounts(seat: SeatRecord): TaskCounts {
  const running = seat.active.filter((task) => task.startedAt !== undefined).length;
  return {
    PENDING: size(seat.unstarted) + seat.retries.length,
    ASSIGNED: seat.active.length - running,
    RUNNING: running + parkedCount(seat),
    SUCCEEDED: seat.ended.succeeded,
    FAILED: seat.ended.failed,
    UNEXECUTED: seat.ended.unexecuted,
  };
}

export function addCounts(left: TaskCounts, right: TaskCounts): TaskCounts {
  const sum = { ...left };
  for (const state of Object.keys(right) as TaskStateName[]) sum[state] += right[state];
  return sum;
}

export const noTasks: TaskCounts = {
  PENDING: 0,
  ASSIGNED: 0,
  RUNNING: 0,
  SUCCEEDED: 0,
  FAILED: 0,
  UNEXECUTED: 0,
};

/** Tasks of the seat that wait at a barrier, open or closed. */
function parkedCount(seat: SeatRecord): number {
  return Object.values(seat.parked).reduce((total, runs) => total + size(runs), 0);
}

/** Tasks of a seat that have still to reach `barrier`. */
export function awaitedAt(seat: SeatRecord, barrier: number): number {
  let awaited = size(seat.unstarted) + seat.retries.length;
  for (const task of seat.active) if (task.runnable < barrier) awaited += 1;
  for (const [at, runs] of Object.entries(seat.parked)) if (Number(at) < barrier) awaited += size(runs);
  return awaited;
}

/** The same of all seats of a group together. */
export function awaitedByAll(seats: readonly SeatRecord[], barrier: number): number {
  return seats.reduce((sum, seat) => sum + awaitedAt(seat, barrier), 0);
}

/** Tasks that have not ended. */
export function unfinished(seat: SeatRecord): number {
  return size(seat.unstarted) + seat.retries.length + seat.active.length + parkedCount(seat);
}

/** What the seats of a group amount to. */
export interface GroupProgress {
  readonly counts: TaskCounts;
  readonly begun: boolean;
  readonly failure: FailedTask | undefined;
}

/** Sums up the seats of a group. */
export function groupProgress(seats: readonly SeatRecord[]): GroupProgress {
  let counts = noTasks;
  let begun = false;
  let failure: FailedTask | undefined;
  for (const seat of seats) {
    counts = addCounts(counts, seatCounts(seat));
    begun ||= seat.begun;
    if (seat.firstFailure && (failure === undefined || seat.firstFailure.at < failure.at))
      failure = seat.firstFailure;
  }
  return { counts, begun, failure };
}
