import type { GroupRecord, StopCause } from '../../shared/core/group/group-record.ts';
import { groupKey, seatKey } from '../../shared/core/keys.ts';
import { unfinished } from '../../shared/core/seat/seat-progress.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { stopSeat } from '../../shared/core/seat/stop-seat.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { loadSeats } from '../load-job.ts';
import { aboutToChange, commitSeat, SEAT_WRITES } from '../write-seat.ts';

interface StopPorts {
  readonly store: Store;
  readonly clock: Clock;
}

/** Seats that are stopped at the same time. */
const AT_ONCE = 16;

/** Writes why a group stops, once, and ends all of it that is not running. */
export async function stopGroup(
  ports: StopPorts,
  jobUid: string,
  groupId: string,
  cause: StopCause,
): Promise<void> {
  const group = await commitAgain(ports.clock, async () => {
    const item = await ports.store.get<GroupRecord>(groupKey(jobUid, groupId));
    if (item === undefined || item.body.endedAt !== undefined) return undefined;
    // A cancellation overrides a barrier that cannot be reached, for it kills what still runs.
    if (item.body.stop !== undefined && item.body.stop.kind !== 'BARRIER_UNREACHABLE') return item.body;
    if (item.body.stop?.kind === cause.kind) return item.body;
    const body = { ...item.body, stop: cause };
    await ports.store.commit([{ ...item, body, ifVersion: item.version }]);
    return body;
  });
  if (group === undefined) return;
  const seats = await loadSeats(ports.store, group);
  await stopSeats(
    ports,
    seats.map(({ body }) => body),
  );
}

/** Ends all of these seats that is not running, where their group is stopped; what comes of it goes through the change feed. */
export async function stopSeats(ports: StopPorts, seats: readonly SeatRecord[]): Promise<void> {
  const left = seats.filter((seat) => unfinished(seat) > seat.active.length);
  for (let from = 0; from < left.length; from += AT_ONCE)
    await Promise.all(left.slice(from, from + AT_ONCE).map((seat) => stopOneSeat(ports, seat)));
}

async function stopOneSeat({ store, clock }: StopPorts, place: SeatRecord): Promise<void> {
  const { jobUid, groupId, seat } = place;
  let more = true;
  while (more) {
    more = await commitAgain(clock, async () => {
      const [group, item] = await Promise.all([
        store.get<GroupRecord>(groupKey(jobUid, groupId)),
        store.get<SeatRecord>(seatKey(jobUid, groupId, seat)),
      ]);
      if (group?.body.stop === undefined || item === undefined) return false;
      if (unfinished(item.body) === item.body.active.length) return false;
      const changed = aboutToChange(item);
      const changes = stopSeat(item.body, group.body, clock.now(), store.maxWrites - SEAT_WRITES);
      await commitSeat(store, group.body, changed, changes);
      return unfinished(item.body) > item.body.active.length;
    });
  }
}
