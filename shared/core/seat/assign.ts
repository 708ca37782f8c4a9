import type { GroupRecord } from '../group/group-record.ts';
import { size, takeFirst } from '../index-runs.ts';
import { released, unpark } from './parked.ts';
import type { ActiveTask, SeatRecord } from './seat-record.ts';

/**
 * How many tasks a seat's node may be given now: its slots and what it queues beyond them, less what it holds. Where
 * other seats could run them instead, the queue shrinks as the work does, so that the last tasks are not hoarded; those
 * whose barrier has opened run on this node or on none.
 */
export function room(seat: SeatRecord, group: GroupRecord, queueSize: number): number {
  if (group.stop !== undefined || seat.state !== 'RUNNING') return 0;
  const queue = group.seatCount > 1 ? ownOrShared(seat, group, queueSize) : queueSize;
  return Math.max(0, seat.slots + Math.min(queueSize, queue) - seat.active.length);
}

function ownOrShared(seat: SeatRecord, group: GroupRecord, queueSize: number): number {
  return released(seat, group, queueSize).length + Math.floor(size(seat.unstarted) / 4);
}

/**
 * Hands up to `count` tasks to the seat's node: first those whose barrier has opened (they hold files and background
 * processes there), then retries, then new ones in order. Returns them. Mutates `seat`.
 */
export function assign(seat: SeatRecord, group: GroupRecord, count: number, now: number): ActiveTask[] {
  const given: ActiveTask[] = [];
  for (const { index, barrier } of released(seat, group, count)) {
    given.push(unpark(seat, index, barrier, now));
  }
  while (given.length < count) {
    const retry = seat.retries.shift();
    if (retry === undefined) break;
    given.push({ ...retry, assignedAt: now, runnable: 0 });
  }
  for (const index of takeFirst(seat.unstarted, count - given.length)) {
    given.push({ index, attempt: 0, recorded: false, assignedAt: now, runnable: 0 });
  }
  seat.active.push(...given);
  return given;
}
