import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { holdsBack } from '../../shared/core/group/next-step.ts';
import { seatBlocks, seatKey } from '../../shared/core/keys.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Random } from '../../shared/ports/clock.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { loadSeatBlock, loadSeats } from '../load-job.ts';

/** Seats of a group as they were read; `whole` when they are all of them. */
export interface Look {
  readonly seats: readonly Item<SeatRecord>[];
  readonly whole: boolean;
}

/** Single seats that are looked at before whole blocks are. */
const FIRST_LOOKS = 4;

export async function lookAtAll(store: Store, group: GroupRecord): Promise<Look> {
  return { seats: await loadSeats(store, group), whole: true };
}

/**
 * Looks at seats in random order until one shows that the group neither ends nor comes through a barrier, or all have been
 * seen. With k of N seats that hold the group back, some N/k are read: while there are many nearly any seat will do, and
 * when there are few, few changes are left that make one look.
 */
export async function lookForHolder(
  { store, random }: { store: Store; random: Random },
  group: GroupRecord,
): Promise<Look> {
  const { jobUid, groupId, seatCount } = group;
  const isHeld = (seats: readonly Item<SeatRecord>[]) => seats.some(({ body }) => holdsBack(group, body));
  const blocks = shuffled(seatBlocks(jobUid, groupId, seatCount), random);
  if (blocks.length > 1) {
    const keys = Array.from({ length: FIRST_LOOKS }, () =>
      seatKey(jobUid, groupId, Math.floor(random() * seatCount)),
    );
    const seats = (await store.getMany<SeatRecord>(keys)).filter((seat) => seat !== undefined);
    if (isHeld(seats)) return { seats, whole: false };
  }
  const seats: Item<SeatRecord>[] = [];
  for (let from = 0, width = 1; from < blocks.length; from += width, width *= 2) {
    const pages = await Promise.all(
      blocks.slice(from, from + width).map((block) => loadSeatBlock(store, block)),
    );
    seats.push(...pages.flat());
    if (from + width < blocks.length && isHeld(pages.flat())) return { seats, whole: false };
  }
  return { seats, whole: true };
}

function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  const drawn = values.map((value) => ({ value, at: random() }));
  return drawn.sort((one, other) => one.at - other.at).map(({ value }) => value);
}
