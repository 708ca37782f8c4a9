import { isFinished } from '../../../core/job/job-states.ts';
import { addCounts, noTasks } from '../../../core/seat/seat-progress.ts';
import type { VirtualMachines } from '../nodes/virtual-machines.ts';
import type { Verdict } from '../world.ts';
import type { GroupChecks } from './group-checks.ts';
import type { Records, Written } from './records.ts';
import type { RunHistory } from './run-history.ts';
import { countPlaces } from './task-places.ts';

/** Watches what groups and nodes mean for a job: when its barriers open, how it ends, and what is left of it then. */
export class JobChecks {
  readonly #verdict: Verdict;
  readonly #records: Records;
  readonly #groups: GroupChecks;
  readonly #history: RunHistory;
  readonly #machines: VirtualMachines;

  constructor(
    verdict: Verdict,
    of: { records: Records; groups: GroupChecks; history: RunHistory; machines: VirtualMachines },
  ) {
    this.#verdict = verdict;
    this.#records = of.records;
    this.#groups = of.groups;
    this.#history = of.history;
    this.#machines = of.machines;
  }

  check(written: readonly Written[]): void {
    for (const one of written) {
      if (one.kind === 'group') this.#checkBarrier(one);
      if (one.kind === 'group') this.#checkTurn(one);
      if (one.kind !== 'job') continue;
      const state = one.after?.state;
      if (state === undefined) this.#checkNodes(one.place, 'gone');
      else if (one.before?.state === 'QUEUED' && state === 'FAILED') this.#checkNodes(one.place, state);
      else if (isFinished(state) && state !== one.before?.state) this.#checkEnd(one.place, state);
    }
  }

  #checkBarrier({ place, before, after }: Extract<Written, { kind: 'group' }>): void {
    if (after === undefined || after.reachedBarrier === (before?.reachedBarrier ?? 0)) return;
    const { reachedBarrier, taskCount } = after;
    const missing = this.#history.notArrived(place, reachedBarrier, taskCount);
    this.#verdict.expect(
      missing.length === 0,
      'a barrier opens when all tasks have arrived',
      () => `barrier ${reachedBarrier} of ${place} opened without tasks ${missing.join()}`,
    );
  }

  /** A group begins only after those that it waits for, each as it has to be; one that is skipped never begins. */
  #checkTurn({ place, before, after }: Extract<Written, { kind: 'group' }>): void {
    const countsOf = (at: string) => countPlaces(this.#groups.places(at));
    if (after?.stop?.kind === 'SKIPPED' && after.endedAt !== undefined) {
      const { UNEXECUTED } = countsOf(place);
      this.#verdict.expect(UNEXECUTED === after.taskCount, 'a skipped group runs nothing', () => place);
    }
    if (after === undefined || before?.waitsFor === undefined || after.waitsFor !== undefined) return;
    for (const { groupId, need } of before.waitsFor) {
      const awaited = `${after.jobUid}/${groupId}`;
      const record = this.#records.groups.get(awaited);
      const failed = countsOf(awaited).FAILED > 0 || record?.stop !== undefined;
      const holds = need === 'FINISHED' || failed === (need === 'FAILED');
      this.#verdict.expect(
        record?.endedAt !== undefined && record.stop?.kind !== 'SKIPPED' && holds,
        'a group begins when those that it waits for are as it needs them',
        () => `${place} began; ${awaited} had to be ${need}: ${JSON.stringify(countsOf(awaited))}`,
      );
    }
  }

  /** A job's end follows from its tasks. */
  #checkEnd(uid: string, state: string): void {
    const job = this.#records.jobs.get(uid);
    if (job === undefined) return;
    this.#checkNodes(uid, state);
    const places = (job.spec.taskGroups ?? []).map((_, order) => `${uid}/group${order}`);
    const counts = places.map((place) => countPlaces(this.#groups.places(place))).reduce(addCounts, noTasks);
    const wasCancelled = job.events.some(({ description }) =>
      description.includes('to CANCELLATION_IN_PROGRESS'),
    );
    const stops = places.map((place) => this.#records.groups.get(place)?.stop?.kind);
    const hasFailed = counts.FAILED > 0 || stops.includes('NODES_LOST');
    const expected = wasCancelled ? 'CANCELLED' : hasFailed ? 'FAILED' : 'SUCCEEDED';
    this.#verdict.expect(
      state === expected,
      'a job ends as its tasks did',
      () => `${uid} is ${state}, not ${expected}, with ${JSON.stringify(counts)}`,
    );
    const open = counts.PENDING + counts.ASSIGNED + counts.RUNNING;
    const skipped = places.filter((_, order) => stops[order] === 'SKIPPED');
    const passedOver = skipped.reduce(
      (sum, place) => sum + countPlaces(this.#groups.places(place)).UNEXECUTED,
      0,
    );
    const isWhole = open === 0 && (state !== 'SUCCEEDED' || counts.UNEXECUTED === passedOver);
    this.#verdict.expect(
      isWhole,
      'a job ends after its tasks',
      () => `${uid} ${state}: ${JSON.stringify(counts)}`,
    );
    const said = Object.values(job.final ?? {})
      .map((group) => group.counts)
      .reduce(addCounts, noTasks);
    this.#verdict.expect(
      JSON.stringify(said) === JSON.stringify(counts),
      "a finished job's counts are those of its tasks",
      () => `${uid} says ${JSON.stringify(said)}, and has ${JSON.stringify(counts)}`,
    );
  }

  #checkNodes(uid: string, state: string): void {
    const left = this.#machines
      .up()
      .filter(({ request, isDeclaredGone }) => request.jobUid === uid && !isDeclaredGone);
    this.#verdict.expect(
      left.length === 0,
      'a job ends after its nodes',
      () => `${uid} is ${state} while ${left.map(({ request }) => request.instance).join()} run`,
    );
  }
}
