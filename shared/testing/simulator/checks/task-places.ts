import type { GroupRecord } from '../../../core/group/group-record.ts';
import { indices } from '../../../core/index-runs.ts';
import { noTasks, type TaskCounts } from '../../../core/seat/seat-progress.ts';
import type { SeatRecord } from '../../../core/seat/seat-record.ts';
import { endStates, type TaskStateName } from '../../../core/task/task-states.ts';
import type { Verdict } from '../world.ts';
import type { Records } from './records.ts';

/** Where a task is, put together from its group's seats and its own record. */
export interface TaskPlace {
  readonly state: TaskStateName;
  /** The attempt that its seat names; undefined for a task that has left its seat. */
  readonly attempt: number | undefined;
  /** Whether its seat takes it to have a record; undefined where that goes without saying. */
  readonly recorded: boolean | undefined;
}

/** Every task of a group in its one place. Breaks a rule when a task is in two places or in none. */
export function taskPlaces(
  verdict: Verdict,
  records: Records,
  place: string,
  group: GroupRecord,
): Map<number, TaskPlace> {
  const found = new Map<number, TaskPlace>();
  const put = (index: number, task: TaskPlace) => {
    verdict.expect(!found.has(index), 'a task is in one place', () => `task ${index} of ${place} is in two`);
    verdict.expect(
      index < group.taskCount,
      'a task is in one place',
      () => `task ${index} of ${place} is one too many`,
    );
    found.set(index, task);
  };
  for (const seat of records.seats(place).values()) placesInSeat(seat, put);
  for (const [index, { state, attempts }] of records.tasks(place)) {
    if (endStates.has(state)) put(index, { state, attempt: undefined, recorded: undefined });
    else {
      verdict.expect(found.has(index), 'a task is in one place', () => `task ${index} of ${place} is lost`);
      const ended = attempts.filter(({ outcome }) => outcome !== undefined).length;
      const at = found.get(index);
      verdict.expect(
        at?.attempt === ended,
        'attempts are counted',
        () => `task ${index} of ${place} is in attempt ${at?.attempt} after ${ended} that ended`,
      );
    }
  }
  for (const [index, { recorded }] of found) {
    const isRecorded = records.tasks(place).has(index);
    verdict.expect(
      recorded === undefined || recorded === isRecorded,
      'seats know which tasks have records',
      () => `task ${index} of ${place}: ${recorded} in its seat, ${isRecorded} in the store`,
    );
  }
  for (let index = 0; index < group.taskCount; index += 1) {
    if (found.has(index)) continue;
    verdict.expect(
      group.stop !== undefined,
      'a task is in one place',
      () => `task ${index} of ${place} is lost`,
    );
    found.set(index, { state: 'UNEXECUTED', attempt: undefined, recorded: undefined });
  }
  return found;
}

function placesInSeat(seat: SeatRecord, put: (index: number, task: TaskPlace) => void): void {
  for (const index of indices(seat.unstarted)) put(index, { state: 'PENDING', attempt: 0, recorded: false });
  for (const { index, attempt, recorded } of seat.retries)
    put(index, { state: 'PENDING', attempt, recorded });
  for (const { index, attempt, recorded, startedAt } of seat.active) {
    put(index, { state: startedAt === undefined ? 'ASSIGNED' : 'RUNNING', attempt, recorded });
  }
  for (const runs of Object.values(seat.parked)) {
    for (const index of indices(runs)) {
      put(index, { state: 'RUNNING', attempt: seat.parkedAttempts[index] ?? 0, recorded: true });
    }
  }
}

/** Tasks by state. */
export function countPlaces(places: ReadonlyMap<number, TaskPlace>): TaskCounts {
  const counts = { ...noTasks };
  for (const { state } of places.values()) counts[state] += 1;
  return counts;
}
