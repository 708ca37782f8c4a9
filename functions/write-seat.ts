import type { FeedSignal } from '../shared/core/feed-signals.ts';
import type { GroupRecord } from '../shared/core/group/group-record.ts';
import { taskKey } from '../shared/core/keys.ts';
import type { SeatRecord } from '../shared/core/seat/seat-record.ts';
import { movesGroup, type Standing, standingOf } from '../shared/core/seat/standing.ts';
import { applyTaskChange, type TaskChange, type TaskRecord } from '../shared/core/task/task-record.ts';
import type { Item, Put, Store, Write } from '../shared/ports/store.ts';

/** Writes that a seat's commit needs beside those of task records: the seat itself, and a seat that it takes work from. */
export const SEAT_WRITES = 2;

/** The writes for the task records that `changes` touch; records that exist are read for it. */
export async function taskWrites(
  store: Store,
  group: Pick<GroupRecord, 'jobUid' | 'groupId' | 'tellsTasks'>,
  changes: readonly TaskChange[],
): Promise<Write[]> {
  const keyOf = (index: number) => taskKey(group.jobUid, group.groupId, index);
  const recorded = [...new Set(changes.filter((change) => change.recorded).map((change) => change.index))];
  const found = recorded.length > 0 ? await store.getMany<TaskRecord>(recorded.map(keyOf)) : [];
  const before = new Map(recorded.map((index, at) => [index, found[at]]));
  const after = new Map<number, TaskRecord>();
  for (const change of changes) {
    const record = after.get(change.index) ?? before.get(change.index)?.body;
    after.set(change.index, applyTaskChange(record, change));
  }
  return [...after].map(([index, body]) => ({
    ...keyOf(index),
    body,
    ifVersion: before.get(index)?.version ?? 0,
    ...(group.tellsTasks ? { signal: 'task' satisfies FeedSignal } : {}),
  }));
}

/** A seat that is to be written, and where it stood when it was read. */
export interface ChangedSeat {
  readonly item: Item<SeatRecord>;
  readonly before: Standing;
}

/** Takes note of where a seat stands, before it is changed. */
export function aboutToChange(item: Item<SeatRecord>): ChangedSeat {
  return { item, before: standingOf(item.body) };
}

/** The write of a changed seat; `group` may be as it was some time ago. */
export function seatPut({ item, before }: ChangedSeat, group: GroupRecord): Put {
  const { pk, sk, version, body } = item;
  const signal = seatSignal(before, standingOf(body), group);
  return { pk, sk, body, ifVersion: version, ...(signal === undefined ? {} : { signal }) };
}

function seatSignal(before: Standing, after: Standing, group: GroupRecord): FeedSignal | undefined {
  if (movesGroup(before, after, group)) return 'group';
  if (before.state !== after.state) return 'node';
  return group.tellsTasks ? 'task' : undefined;
}

/** One commit of a seat and the tasks that its change touched. */
export async function commitSeat(
  store: Store,
  group: GroupRecord,
  seat: ChangedSeat,
  changes: readonly TaskChange[],
): Promise<void> {
  await store.commit([seatPut(seat, group), ...(await taskWrites(store, group, changes))]);
}
