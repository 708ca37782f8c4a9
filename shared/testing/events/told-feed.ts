import { type EventContext, subjectOf } from '../../core/events/events-of-change.ts';
import { FeedMemory } from '../../core/events/feed-memory.ts';
import { tellingOrder } from '../../core/events/feed-order.ts';
import type { RecordChange } from '../../core/events/record-change.ts';
import type { TaskStep } from '../../core/events/state-step.ts';
import { stepsOfChange } from '../../core/events/steps-of-change.ts';
import { indices } from '../../core/index-runs.ts';
import { seatKey, taskKey } from '../../core/keys.ts';
import type { SeatRecord } from '../../core/seat/seat-record.ts';
import type { TaskStateName } from '../../core/task/task-states.ts';
import { SeatsModel } from '../seats-model.ts';
import { contextOf } from './read-history.ts';
import { SampleHistory } from './sample-history.ts';

export const stepId = (step: TaskStep) => `${subjectOf(step)}#${step.mark}#${step.to}`;

/** The feed of a group whose seats are a `SeatsModel`: what its commits change, and what of that is told. */
export class ToldFeed {
  readonly model: SeatsModel;
  readonly context: EventContext;
  /** Where each task is, by what has been told. */
  readonly told = new Map<number, TaskStateName>();
  readonly #taskCount: number;
  readonly #bodies = new Map<string, string>();
  readonly #commits: RecordChange[][] = [];

  constructor(taskCount: number, seatCount: number, retries: number) {
    this.model = new SeatsModel(taskCount, seatCount, retries);
    this.#taskCount = taskCount;
    this.context = { ...contextOf(new SampleHistory('any', 1, 1)), memory: new FeedMemory() };
    for (let index = 0; index < taskCount; index += 1) this.told.set(index, 'PENDING');
    this.commit();
    this.#commits.length = 0;
  }

  get first(): SeatRecord {
    const [seat] = this.model.seats;
    if (seat === undefined) throw new Error('there are no seats');
    return seat;
  }

  /** Tasks that a report of this seat may speak of. */
  heldBy(seat: SeatRecord): { index: number; attempt: number }[] {
    const parked = Object.values(seat.parked).flatMap((runs) => [...indices(runs)]);
    const waiting = parked.map((index) => ({ index, attempt: seat.parkedAttempts[index] ?? 0 }));
    return [...seat.active.map(({ index, attempt }) => ({ index, attempt })), ...waiting];
  }

  /** Notes all that has changed since the last commit: seats first. */
  commit(): void {
    const { jobUid, groupId } = this.model.group;
    const changes = [
      ...this.model.seats.map((seat) => this.#change(seatKey(jobUid, groupId, seat.seat), seat)),
      ...[...this.model.records].map(([index, record]) =>
        this.#change(taskKey(jobUid, groupId, index), record),
      ),
    ];
    this.#commits.push(changes.filter((change) => change !== undefined));
  }

  /** Tells the last commit. */
  tellCommit(): TaskStep[] {
    const steps = this.#tell(this.#commits.at(-1) ?? [], this.context.memory);
    for (const step of steps) this.told.set(step.index, step.to);
    return steps;
  }

  /** Tells everything from the beginning, in batches that do not mind where commits end. */
  tellAll(batch: number, memory: FeedMemory | undefined): TaskStep[] {
    const changes = this.#commits.flat();
    const steps: TaskStep[] = [];
    for (let from = 0; from < changes.length; from += batch)
      steps.push(...this.#tell(changes.slice(from, from + batch), memory));
    return steps;
  }

  /** Where each task is, by the records. */
  states(): Map<number, TaskStateName> {
    const states = new Map<number, TaskStateName>();
    for (let index = 0; index < this.#taskCount; index += 1) states.set(index, 'UNEXECUTED');
    for (const [index, { state }] of this.model.records)
      if (state === 'SUCCEEDED' || state === 'FAILED') states.set(index, state);
    for (const seat of this.model.seats) {
      for (const index of indices(seat.unstarted)) states.set(index, 'PENDING');
      for (const { index } of seat.retries) states.set(index, 'PENDING');
      for (const { index, startedAt } of seat.active)
        states.set(index, startedAt === undefined ? 'ASSIGNED' : 'RUNNING');
      for (const runs of Object.values(seat.parked))
        for (const index of indices(runs)) states.set(index, 'RUNNING');
    }
    return states;
  }

  #tell(changes: readonly RecordChange[], memory: FeedMemory = new FeedMemory()): TaskStep[] {
    memory.begin();
    for (const change of changes) memory.note(change);
    const steps = tellingOrder(changes).flatMap((change) =>
      stepsOfChange(change, { ...this.context, memory }),
    );
    memory.end();
    return steps.filter((step) => step.kind === 'task');
  }

  #change(key: { pk: string; sk: string }, body: object): RecordChange | undefined {
    const name = `${key.pk} ${key.sk}`;
    const before = this.#bodies.get(name);
    const after = JSON.stringify(body);
    if (before === after) return undefined;
    this.#bodies.set(name, after);
    return {
      ...key,
      ...(before === undefined ? {} : { before: JSON.parse(before) }),
      after: JSON.parse(after),
    };
  }
}
