import type { GroupRecord, StopCause } from '../core/group/group-record.ts';
import { every, indices } from '../core/index-runs.ts';
import type { ReservedExit } from '../core/reserved-exit-codes.ts';
import { type AgentReport, applyReport } from '../core/seat/apply-report.ts';
import { assign } from '../core/seat/assign.ts';
import { loseTasks } from '../core/seat/lose-node.ts';
import { awaitedByAll, groupProgress } from '../core/seat/seat-progress.ts';
import type { SeatRecord } from '../core/seat/seat-record.ts';
import { steal } from '../core/seat/steal.ts';
import { stopSeat } from '../core/seat/stop-seat.ts';
import { applyTaskChange, type TaskChange, type TaskRecord } from '../core/task/task-record.ts';
import { type TaskStateName, taskStates } from '../core/task/task-states.ts';
import { aGroup, aSeat } from './seat-samples.ts';

/** The seats of a group with all task records: it takes any decision on them and says what must never be seen. */
export class SeatsModel {
  readonly group: GroupRecord;
  readonly seats: SeatRecord[];
  readonly records = new Map<number, TaskRecord>();
  /** Whatever was wrong so far, in words. */
  readonly faults: string[] = [];
  #states: TaskStateName[];
  #now = 1000;

  constructor(taskCount: number, seatCount: number, maxRetryCount: number) {
    this.group = aGroup({ taskCount, seatCount, barriers: [2, 4], retry: { maxRetryCount } });
    this.seats = Array.from({ length: seatCount }, (_, seat) => ({
      ...aSeat({ unstarted: every(seat, seatCount, taskCount) }),
      seat,
    }));
    this.#states = Array.from({ length: taskCount }, () => 'PENDING');
  }

  assign(seat: SeatRecord, count: number): void {
    if (this.group.stop === undefined) assign(seat, this.group, count, this.#now);
    this.#check();
  }

  report(seat: SeatRecord, report: AgentReport, maxChanges: number): void {
    this.#take(applyReport(seat, this.group, report, this.#now, maxChanges).changes, maxChanges);
  }

  lose(seat: SeatRecord, cause: ReservedExit, maxChanges: number): void {
    this.#take(loseTasks(seat, this.group, cause, this.#now, maxChanges), maxChanges);
  }

  stop(cause: StopCause): void {
    this.group.stop ??= cause;
  }

  stopSeat(seat: SeatRecord, maxChanges: number): void {
    if (this.group.stop === undefined) return;
    this.#take(stopSeat(seat, this.group, this.#now, maxChanges), maxChanges);
  }

  steal(from: SeatRecord, to: SeatRecord): void {
    if (from !== to) steal(from, to);
    this.#check();
  }

  /** Opens the closed barrier when every task has reached it. */
  openBarrier(): void {
    const barrier = this.group.barriers.find((at) => at > this.group.reachedBarrier);
    if (barrier === undefined || this.group.stop !== undefined) return;
    if (awaitedByAll(this.seats, barrier) === 0) this.group.reachedBarrier = barrier;
  }

  #take(changes: readonly TaskChange[], maxChanges: number): void {
    this.#require(changes.length <= maxChanges, `${changes.length} changes where ${maxChanges} were allowed`);
    for (const change of changes) {
      const before = this.records.get(change.index);
      const name = `task ${change.index}`;
      this.#require(
        change.recorded === (before !== undefined),
        `${name} is recorded: ${before !== undefined}`,
      );
      this.#require(before?.state !== 'SUCCEEDED' && before?.state !== 'FAILED', `${name} ends twice`);
      this.records.set(change.index, applyTaskChange(before, change));
    }
    this.#check();
  }

  #check(): void {
    this.#now += 1;
    const states = this.#placed();
    for (const [index, record] of this.records) {
      const state = states.get(index);
      if (record.state === 'SUCCEEDED' || record.state === 'FAILED') {
        this.#require(state === undefined, `task ${index} is ${record.state} and ${state}`);
        states.set(index, record.state);
      } else {
        // A retry can be on its node already while its record still tells of the attempt before.
        const told = record.state === 'PENDING' ? ['PENDING', 'ASSIGNED', 'RUNNING'] : ['RUNNING'];
        this.#require(told.includes(state ?? ''), `task ${index} is ${state}, its record ${record.state}`);
      }
      const attempts = record.attempts.map(({ attempt }) => attempt);
      const expected = attempts.map((_, at) => at);
      this.#require(attempts.join() === expected.join(), `task ${index} has the attempts ${attempts}`);
      this.#require(
        attempts.length <= this.group.retry.maxRetryCount + 1,
        `task ${index} is retried too often`,
      );
    }
    const after = this.#states.map((_, index) => states.get(index) ?? 'UNEXECUTED');
    for (const [index, to] of after.entries()) {
      const from = this.#states[index] ?? 'PENDING';
      const isLegal = taskStates.transitions.some((row) => row.to === to && [row.from].flat().includes(from));
      this.#require(from === to || isLegal, `task ${index} goes from ${from} to ${to}`);
    }
    this.#states = after;
    const { counts } = groupProgress(this.seats);
    for (const [state, count] of Object.entries(counts)) {
      const found = after.filter((name) => name === state).length;
      this.#require(found === count, `${found} tasks are ${state}, counted ${count}`);
    }
  }

  /** Each task that has not ended, by the one place it has in a seat. */
  #placed(): Map<number, TaskStateName> {
    const states = new Map<number, TaskStateName>();
    const place = (index: number, state: TaskStateName) => {
      this.#require(!states.has(index), `task ${index} is in two places`);
      states.set(index, state);
    };
    for (const seat of this.seats) {
      for (const index of indices(seat.unstarted)) place(index, 'PENDING');
      for (const { index } of seat.retries) place(index, 'PENDING');
      for (const { index, startedAt } of seat.active)
        place(index, startedAt === undefined ? 'ASSIGNED' : 'RUNNING');
      const parked = Object.values(seat.parked).flatMap((runs) => [...indices(runs)]);
      for (const index of parked) place(index, 'RUNNING');
      for (const index of Object.keys(seat.parkedAttempts)) {
        this.#require(
          parked.includes(Number(index)),
          `the attempt of task ${index} is kept, which is not parked`,
        );
      }
    }
    return states;
  }

  #require(holds: boolean, fault: string): void {
    if (!holds) this.faults.push(fault);
  }
}
