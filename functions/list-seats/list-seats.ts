import { type CapacityProvider, capacityProviderOf } from '../../shared/core/fargate/node-launch.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupKey } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadJobHead } from '../load-job.ts';
import { askForTurns } from '../run-nodes/launch-turns.ts';

/** A seat, and after how many seconds its node is started: a pair of numbers, for thousands of them travel through the state machine. */
export type SeatStart = readonly [seat: number, afterSeconds: number];

export interface ListedSeats {
  readonly seats: readonly SeatStart[];
  readonly capacityProvider: CapacityProvider;
}

/** The seats of a group, each with its turn among the launches of all jobs. */
export async function listSeats(
  ports: { store: Store; clock: Clock },
  jobUid: string,
  groupId: string,
): Promise<ListedSeats> {
  const { store } = ports;
  const group = await store.get<GroupRecord>(groupKey(jobUid, groupId));
  const capacityProvider = capacityProviderOf(
    (await loadJobHead(store, jobUid))?.body.spec.allocationPolicy ?? {},
  );
  if (group === undefined || group.body.endedAt !== undefined) return { seats: [], capacityProvider };
  const wish = { uid: jobUid, name: groupId, count: group.body.seatCount };
  const turns = await askForTurns(ports, capacityProvider, wish);
  return {
    seats: Array.from({ length: wish.count }, (_, seat) => [seat, turns[seat] ?? 0]),
    capacityProvider,
  };
}
