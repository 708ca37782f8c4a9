import { size, splitLast } from '../index-runs.ts';
import type { SeatRecord } from './seat-record.ts';

/** Other seats that a dry one looks at in one report: each that is read costs as much as the seat's own. */
export const SEATS_LOOKED_AT = 8;

/** All dry seats of a group together look at the whole group about once in so many of their reports. */
const ROUNDS_A_FULL_LOOK = 8;

/** Whether a seat has nothing left to start and a slot for it: it goes and looks for work. */
export function isDry(seat: SeatRecord): boolean {
  return size(seat.unstarted) === 0 && seat.retries.length === 0 && seat.active.length < seat.slots;
}

/**
 * The other seats that a dry one looks at: all of a small group, else as many as it may, drawn by `random`. So no seat is
 * asked by all, and while few seats are dry nearly any draw finds work.
 */
export function seatsToAsk(seatCount: number, own: number, random: () => number): number[] {
  const others = seatCount - 1;
  // A number above the own one stands for the seat after it.
  const seatAt = (number: number) => (number < own ? number : number + 1);
  if (others <= SEATS_LOOKED_AT) return Array.from({ length: others }, (_, number) => seatAt(number));
  // Floyd's way to draw without repetition: one number a draw.
  const drawn = new Set<number>();
  for (let last = others - SEATS_LOOKED_AT; last < others; last += 1) {
    const number = Math.floor(random() * (last + 1));
    drawn.add(drawn.has(number) ? last : number);
  }
  return [...drawn].map(seatAt);
}

/**
 * Whether a dry seat that asked some others in vain looks at all of them. A last task may sit in one seat among thousands,
 * whose node is lost, with few others free to come upon it. The more of those asked are dry too, the more of them look: so
 * each takes its share, and all together come to one full look in a few rounds of reports, whatever their number.
 */
export function looksAtAll(asked: readonly SeatRecord[], seatCount: number, random: () => number): boolean {
  if (asked.length >= seatCount - 1) return false;
  const dry = asked.filter((seat) => seat.state === 'RUNNING' && isDry(seat)).length;
  const lookers = 1 + (dry / Math.max(1, asked.length)) * (seatCount - 1);
  return random() * ROUNDS_A_FULL_LOOK * lookers < 1;
}

/**
 * The seat that a dry one takes work from: of two drawn by `random` among those that have some, the fuller one. Were it the
 * fullest of all, all dry seats would want the same one, and their commits conflict.
 */
export function donorAmong(
  seats: readonly SeatRecord[],
  own: number,
  random: () => number,
): SeatRecord | undefined {
  const full = seats.filter((seat) => seat.seat !== own && size(seat.unstarted) > 0);
  const draw = () => full[Math.floor(random() * full.length)];
  const [one, other] = [draw(), draw()];
  if (one === undefined || other === undefined) return undefined;
  return size(one.unstarted) < size(other.unstarted) ? other : one;
}

/** Moves half of the unstarted tasks, at least one, from the end of one seat to a dry one. Mutates both. */
export function steal(from: SeatRecord, to: SeatRecord): number {
  const count = Math.ceil(size(from.unstarted) / 2);
  to.unstarted.push(...splitLast(from.unstarted, count));
  return count;
}
