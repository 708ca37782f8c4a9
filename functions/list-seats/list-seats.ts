import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupKey } from '../../shared/core/keys.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadJobHead } from '../load-job.ts';

/** A seat, and after how many seconds its node is started: a pair of numbers, for thousands of them travel through the state machine. */
export type SeatStart = readonly [seat: number, afterSeconds: number];

export interface ListedSeats {
  readonly seats: readonly SeatStart[];
  readonly capacityProvider: 'FARGATE' | 'FARGATE_SPOT';
}

/** What Fargate starts at once, and then every second, in one account and region. */
const BURST = 100;
const A_SECOND = 20;

/** The seats of a group in the order in which their nodes start, no faster than Fargate starts them. */
export async function listSeats(store: Store, jobUid: string, groupId: string): Promise<ListedSeats> {
  const group = await store.get<GroupRecord>(groupKey(jobUid, groupId));
  const job = await loadJobHead(store, jobUid);
  const model = job?.body.spec.allocationPolicy?.instances?.[0]?.policy?.provisioningModel;
  const isOver = group === undefined || group.body.endedAt !== undefined;
  return {
    seats: isOver ? [] : seatStarts(group.body.seatCount),
    capacityProvider: model === 'SPOT' || model === 'PREEMPTIBLE' ? 'FARGATE_SPOT' : 'FARGATE',
  };
}

export function seatStarts(seatCount: number): SeatStart[] {
  return Array.from({ length: seatCount }, (_, seat) => [
    seat,
    Math.max(0, Math.ceil((seat + 1 - BURST) / A_SECOND)),
  ]);
}
