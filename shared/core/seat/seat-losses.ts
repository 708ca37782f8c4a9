import type { SeatRecord } from './seat-record.ts';

/** Nodes that one seat may lose in a row without a task having ended; then its group is given up. */
export const LOSSES_AT_MOST = 6;

/** Nodes that one seat may have in all. On AWS this bounds what its turn writes to the state machine's history. */
export const EPOCHS_AT_MOST = 100;

/** Milliseconds before the next node, by the number of nodes lost in a row. A process is there at once; AWS charges for tries. */
const pausesMs = {
  local: [0, 100, 500, 2_000, 5_000, 5_000],
  fargate: [1_000, 1_000, 5_000, 15_000, 30_000, 60_000],
} as const;

/** Why a seat gets no further node, for its group is to be given up; undefined when it gets one. */
export function whyGivenUp({
  lossesInARow,
  epoch,
}: Pick<SeatRecord, 'lossesInARow' | 'epoch'>): string | undefined {
  if (lossesInARow >= LOSSES_AT_MOST) return `${lossesInARow} nodes in a row ended before a task did`;
  if (epoch >= EPOCHS_AT_MOST) return `the seat has had ${epoch} nodes`;
  return undefined;
}

/** How long to wait before a seat's next node. */
export function pauseBeforeNode(kind: keyof typeof pausesMs, lossesInARow: number): number {
  const pauses = pausesMs[kind];
  return pauses[Math.min(lossesInARow, pauses.length - 1)] ?? 0;
}
