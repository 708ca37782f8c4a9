import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { seatKey } from '../../shared/core/keys.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { donorAmong, isDry, looksAtAll, seatsToAsk, steal } from '../../shared/core/seat/steal.ts';
import type { Random } from '../../shared/ports/clock.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { loadSeats } from '../load-job.ts';
import { aboutToChange, type ChangedSeat } from '../write-seat.ts';

/**
 * For a seat that has nothing left to start: takes half of what another one has not started, and returns that one, to be
 * written in the same commit. Mutates `seat`.
 */
export async function takeWork(
  { store, random }: { store: Store; random: Random },
  seat: SeatRecord,
  group: GroupRecord,
): Promise<ChangedSeat | undefined> {
  if (group.seatCount === 1 || !isDry(seat)) return undefined;
  const { jobUid, groupId, seatCount } = group;
  const keys = seatsToAsk(seatCount, seat.seat, random).map((other) => seatKey(jobUid, groupId, other));
  const asked = (await store.getMany<SeatRecord>(keys)).filter((item) => item !== undefined);
  const donor = choose(asked, seat.seat, random) ?? (await lookFurther());
  if (donor === undefined) return undefined;
  const changed = aboutToChange(donor);
  steal(donor.body, seat);
  return changed;

  async function lookFurther() {
    const bodies = asked.map(({ body }) => body);
    if (!looksAtAll(bodies, seatCount, random)) return undefined;
    return choose(await loadSeats(store, group), seat.seat, random);
  }
}

function choose(
  seats: readonly Item<SeatRecord>[],
  own: number,
  random: Random,
): Item<SeatRecord> | undefined {
  const bodies = seats.map(({ body }) => body);
  const donor = donorAmong(bodies, own, random);
  return seats.find(({ body }) => body === donor);
}
