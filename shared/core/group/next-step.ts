import { awaitedAt, unfinished } from '../seat/seat-progress.ts';
import type { FailedTask, SeatRecord } from '../seat/seat-record.ts';
import { closedBarrier, type GroupRecord, type StopCause } from './group-record.ts';

/** Why a group that has a failed task stops; undefined when it goes on. */
export function stopCause(group: GroupRecord, failure: FailedTask | undefined): StopCause | undefined {
  if (failure === undefined || group.stop !== undefined) return undefined;
  const task = failure.index;
  if (group.failFast) return { kind: 'FAIL_FAST', task };
  return closedBarrier(group) === undefined ? undefined : { kind: 'BARRIER_UNREACHABLE', task };
}

/** Whether a seat alone shows that its group neither comes to its end nor through a barrier. */
export function holdsBack(group: GroupRecord, seat: SeatRecord): boolean {
  const barrier = awaitedBarrier(group);
  return barrier === undefined ? unfinished(seat) > 0 : awaitedAt(seat, barrier) > 0;
}

export type Step = { readonly kind: 'open'; readonly barrier: number } | { readonly kind: 'end' };

/**
 * What a group has come to, from all its seats; undefined while it goes on. Seats are not read at one instant, and a task
 * may have moved to a seat that was read before it came and from one that was read after it went. So it is not asked
 * whether a task is missing, but whether all are there: one that has ended, or has come to a barrier, never changes its
 * seat, and is counted once at most.
 */
export function nextStep(group: GroupRecord, seats: readonly SeatRecord[]): Step | undefined {
  const barrier = awaitedBarrier(group);
  let ended = 0;
  let arrived = 0;
  for (const seat of seats) {
    const { succeeded, failed, unexecuted } = seat.ended;
    ended += succeeded + failed + unexecuted;
    if (barrier !== undefined) arrived += unfinished(seat) - awaitedAt(seat, barrier);
  }
  if (ended >= group.taskCount) return { kind: 'end' };
  if (barrier !== undefined && ended + arrived >= group.taskCount) return { kind: 'open', barrier };
  return undefined;
}

/** The barrier that the group waits for, if it does. */
function awaitedBarrier(group: GroupRecord): number | undefined {
  return group.stop === undefined ? closedBarrier(group) : undefined;
}
