import type { GroupRecord } from '../group/group-record.ts';
import { append, has, indices, remove } from '../index-runs.ts';
import type { ActiveTask, SeatRecord } from './seat-record.ts';

/** Puts an active task to those that wait at `barrier`. Mutates `seat`; the caller takes it out of `active`. */
export function park(seat: SeatRecord, task: ActiveTask, barrier: number): void {
  const runs = seat.parked[barrier] ?? [];
  append(runs, task.index);
  seat.parked[barrier] = runs;
  if (task.attempt > 0) seat.parkedAttempts[task.index] = task.attempt;
}

/** Takes a task away from `barrier` and returns its attempt. Mutates `seat`. */
export function takeParked(seat: SeatRecord, index: number, barrier: number): number {
  const attempt = seat.parkedAttempts[index] ?? 0;
  const runs = seat.parked[barrier];
  if (runs !== undefined && remove(runs, index) && runs.length === 0) delete seat.parked[barrier];
  delete seat.parkedAttempts[index];
  return attempt;
}

/** As `takeParked`, with the task as one that its node runs: its record knows better when that began. Mutates `seat`. */
export function unpark(seat: SeatRecord, index: number, barrier: number, now: number): ActiveTask {
  const attempt = takeParked(seat, index, barrier);
  return { index, attempt, recorded: true, assignedAt: now, startedAt: now, runnable: barrier };
}

/** Up to `count` tasks that wait at barriers which are open now, with the barrier of each. */
export function released(
  seat: SeatRecord,
  group: Pick<GroupRecord, 'reachedBarrier'>,
  count: number,
): { index: number; barrier: number }[] {
  const found: { index: number; barrier: number }[] = [];
  for (const barrier of Object.keys(seat.parked).map(Number)) {
    if (barrier > group.reachedBarrier) continue;
    for (const index of indices(seat.parked[barrier] ?? [])) {
      if (found.length >= count) return found;
      found.push({ index, barrier });
    }
  }
  return found;
}

/** The barrier at which a task waits, if it does. */
export function parkedAt(seat: SeatRecord, index: number): number | undefined {
  for (const barrier of Object.keys(seat.parked).map(Number)) {
    if (has(seat.parked[barrier] ?? [], index)) return barrier;
  }
  return undefined;
}
