import { size, splitLast } from '../index-runs.ts';
import type { SeatRecord } from './seat-record.ts';

/** The seat that a dry one takes work from: the one with the most unstarted tasks, if it can spare any. */
export function fullestSeat(seats: readonly SeatRecord[], dry: number): SeatRecord | undefined {
  let fullest: SeatRecord | undefined;
  for (const seat of seats) {
    if (seat.seat === dry || size(seat.unstarted) === 0) continue;
    if (fullest === undefined || size(seat.unstarted) > size(fullest.unstarted)) fullest = seat;
  }
  return fullest;
}

/** Moves half of the unstarted tasks, at least one, from the end of one seat to a dry one. Mutates both. */
export function steal(from: SeatRecord, to: SeatRecord): number {
  const count = Math.ceil(size(from.unstarted) / 2);
  to.unstarted.push(...splitLast(from.unstarted, count));
  return count;
}
