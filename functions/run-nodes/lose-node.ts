import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupKey, seatKey } from '../../shared/core/keys.ts';
import type { ReservedExit } from '../../shared/core/reserved-exit-codes.ts';
import { closeEpoch, loseTasks } from '../../shared/core/seat/lose-node.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { aboutToChange, commitSeat, SEAT_WRITES } from '../write-seat.ts';

/**
 * Takes the tasks from a node that is gone and closes its epoch. The node's epoch is fenced off first: nothing that it
 * may still say counts. Nothing happens when the seat has gone on to another epoch already.
 */
export async function loseNode(
  { store, clock }: { store: Store; clock: Clock },
  lost: { jobUid: string; groupId: string; seat: number; epoch: number },
  cause: ReservedExit,
): Promise<void> {
  const { jobUid, groupId, seat, epoch } = lost;
  let more = true;
  while (more) {
    more = await commitAgain(clock, async () => {
      const item = await store.get<SeatRecord>(seatKey(jobUid, groupId, seat));
      const group = await store.get<GroupRecord>(groupKey(jobUid, groupId));
      if (item === undefined || group === undefined || item.body.epoch !== epoch) return false;
      if (item.body.state === 'LOST' || item.body.state === 'STOPPED') return false;
      const changed = aboutToChange(item);
      item.body.tokenHash = '';
      const changes = loseTasks(item.body, group.body, cause, clock.now(), store.maxWrites - SEAT_WRITES);
      const done = item.body.active.length === 0 && Object.keys(item.body.parked).length === 0;
      if (done) closeEpoch(item.body, clock.now());
      await commitSeat(store, group.body, changed, changes);
      return !done;
    });
  }
}
