import type { SeatRecord } from '../seat/seat-record.ts';

const HOUR_MS = 3_600_000;

/**
 * Core hours of the nodes in these seats up to `now`: for as long as a node was up, each of its slots counts the cores
 * of one task. `cpuMilli` is what a task asks for, in thousandths of a core.
 */
export function seatsCoreHours(
  seats: readonly Pick<SeatRecord, 'slots' | 'pastNodeMs' | 'nodeSince'>[],
  cpuMilli: number,
  now: number,
): number {
  let coreMs = 0;
  for (const { slots, pastNodeMs, nodeSince } of seats) {
    const presentNodeMs = nodeSince === undefined ? 0 : Math.max(0, now - nodeSince);
    coreMs += ((pastNodeMs + presentNodeMs) * slots * cpuMilli) / 1000;
  }
  return coreMs / HOUR_MS;
}
