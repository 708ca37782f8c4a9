import type { GroupRecord } from '../../../core/group/group-record.ts';
import { addCounts, noTasks, seatCounts } from '../../../core/seat/seat-progress.ts';
import { taskStateNames } from '../../../core/task/task-states.ts';
import type { Verdict } from '../world.ts';
import type { Records, Written } from './records.ts';
import { countPlaces, type TaskPlace, taskPlaces } from './task-places.ts';
import { taskReaches } from './transitions.ts';

/** Watches each group as a whole: where its tasks are, that their numbers add up, and how they move. */
export class GroupChecks {
  readonly #verdict: Verdict;
  readonly #records: Records;
  readonly #places = new Map<string, Map<number, TaskPlace>>();
  /** A deleted job's records go one after the other. */
  readonly #removed = new Set<string>();

  constructor(verdict: Verdict, records: Records) {
    this.#verdict = verdict;
    this.#records = records;
  }

  /** Where the tasks of a group were at the last commit. */
  places(place: string): ReadonlyMap<number, TaskPlace> {
    return this.#places.get(place) ?? new Map();
  }

  /** Looks at the groups that a commit has touched. */
  check(written: readonly Written[]): void {
    const touched = written.filter(({ kind }) => kind === 'group' || kind === 'seat' || kind === 'task');
    for (const { place, after } of touched) if (after === undefined) this.#removed.add(place);
    for (const place of new Set(touched.map((one) => one.place))) {
      const group = this.#records.groups.get(place);
      if (group === undefined || this.#removed.has(place)) this.#places.delete(place);
      else this.#checkGroup(place, group);
    }
  }

  #checkGroup(place: string, group: GroupRecord): void {
    const places = taskPlaces(this.#verdict, this.#records, place, group);
    const before = this.#places.get(place);
    this.#places.set(place, places);
    this.#checkCounts(place, places);
    if (before === undefined) return;
    for (const [index, { state }] of places) {
      const was = before.get(index)?.state ?? 'PENDING';
      this.#verdict.expect(
        taskReaches(was, state),
        'task states change along their table',
        () => `task ${index} of ${place} went from ${was} to ${state}`,
      );
      this.#verdict.expect(
        was !== 'RUNNING' || state !== 'UNEXECUTED',
        'task states change along their table',
        () => `task ${index} of ${place} ran and is UNEXECUTED`,
      );
    }
  }

  #checkCounts(place: string, places: ReadonlyMap<number, TaskPlace>): void {
    const seats = [...this.#records.seats(place).values()];
    const said = seats.map(seatCounts).reduce(addCounts, noTasks);
    const real = countPlaces(places);
    const wrong = taskStateNames.filter((state) => said[state] !== real[state]);
    this.#verdict.expect(wrong.length === 0, "a group's counts add up", () => {
      const pairs = wrong.map((state) => `${said[state]} ${state} in its seats, ${real[state]} by its tasks`);
      return `${place}: ${pairs.join('; ')}`;
    });
  }
}
