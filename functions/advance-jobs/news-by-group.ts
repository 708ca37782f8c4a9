import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Changed, GroupNews } from './advance-group.ts';

interface Entry {
  readonly jobUid: string;
  readonly groupId: string;
  readonly of: Gathered;
}

/** News while they are gathered. */
type Gathered = { -readonly [Part in keyof GroupNews]: GroupNews[Part] } & { seats: Changed<SeatRecord>[] };

/** What a batch of the change feed says, group by group. */
export class NewsByGroup {
  readonly #entries = new Map<string, Entry>();

  get groups(): Iterable<Entry> {
    return this.#entries.values();
  }

  ofSeat(before: SeatRecord | undefined, after: SeatRecord): void {
    this.#of(after).seats.push({ before, after });
  }

  /** Of several changes of one group, from the first one's `before` to the last one's `after`. */
  ofGroup(before: GroupRecord | undefined, after: GroupRecord): void {
    const news = this.#of(after);
    news.group = { before: news.group === undefined ? before : news.group.before, after };
  }

  /** A group that waits for others, one of which has ended. */
  ofAwaited(group: GroupRecord): void {
    this.#of(group).awaitedEnded = true;
  }

  #of({ jobUid, groupId }: { jobUid: string; groupId: string }): Gathered {
    const key = `${jobUid}/${groupId}`;
    const entry = this.#entries.get(key) ?? { jobUid, groupId, of: { seats: [] } };
    this.#entries.set(key, entry);
    return entry.of;
  }
}
