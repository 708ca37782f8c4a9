import { groupIdOfKey, jobUidOf, kindOf, type RecordChange } from './record-change.ts';

/**
 * The changes in the order in which their events are told. A commit has its seats before the tasks that ended there; but
 * the same report may have given a task its next attempt, whose beginning must not be told before the end of the last.
 * So a seat waits for the tasks that follow it, for as long as they are of its group and no seat comes twice.
 */
export function tellingOrder<Change extends RecordChange>(changes: readonly Change[]): Change[] {
  const order: Change[] = [];
  let seats: Change[] = [];
  let tasksSeen = false;
  const release = () => {
    order.push(...seats);
    seats = [];
    tasksSeen = false;
  };
  for (const change of changes) {
    const kind = kindOf(change);
    if (kind === 'seat') {
      if (tasksSeen || seats.some((seat) => isSame(seat, change) || !sharesGroup(seat, change))) release();
      seats.push(change);
    } else if (kind === 'task' && seats[0] !== undefined && sharesGroup(seats[0], change)) {
      tasksSeen = true;
      order.push(change);
    } else {
      release();
      order.push(change);
    }
  }
  release();
  return order;
}

function isSame(one: RecordChange, other: RecordChange): boolean {
  return one.sk === other.sk && one.pk === other.pk;
}

function sharesGroup(one: RecordChange, other: RecordChange): boolean {
  return jobUidOf(one) === jobUidOf(other) && groupIdOfKey(one) === groupIdOfKey(other);
}
