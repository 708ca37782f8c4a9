import type { TaskSpec } from '../../../contract/task-spec.ts';
import type { Attempt, TaskRecord } from '../../../core/task/task-record.ts';
import { endStates } from '../../../core/task/task-states.ts';
import type { Verdict } from '../world.ts';
import type { Records, Written } from './records.ts';
import type { RunHistory } from './run-history.ts';

type WrittenTask = Extract<Written, { kind: 'task' }>;

/** Watches task records: ends stay as they are, retries follow the job's rules, and outcomes are what really happened. */
export class AttemptChecks {
  readonly #verdict: Verdict;
  readonly #records: Records;
  readonly #history: RunHistory;

  constructor(verdict: Verdict, records: Records, history: RunHistory) {
    this.#verdict = verdict;
    this.#records = records;
    this.#history = history;
  }

  check(written: readonly Written[]): void {
    for (const one of written) if (one.kind === 'task') this.#checkTask(one, written);
  }

  #checkTask({ place, before, after }: WrittenTask, written: readonly Written[]): void {
    if (after === undefined) return;
    const name = `task ${after.index} of ${place}`;
    if (before !== undefined && endStates.has(before.state)) {
      this.#verdict.broken(
        "a task's end is recorded once",
        `${name} was ${before.state} and is ${after.state}`,
      );
    }
    const spec = this.#specOf(place);
    this.#verdict.expect(
      after.attempts.length <= (spec.maxRetryCount ?? 0) + 1 &&
        after.attempts.every(({ attempt }, at) => attempt === at),
      'attempts stay within maxRetryCount',
      () =>
        `${name} has attempts ${after.attempts.map(({ attempt }) => attempt).join()} of ${spec.maxRetryCount}`,
    );
    for (const attempt of after.attempts) {
      const was = before?.attempts.find((other) => other.attempt === attempt.attempt);
      if (was?.outcome !== undefined) this.#checkKept(name, was, attempt);
      else if (attempt.outcome !== undefined) this.#checkEnd(name, place, after, attempt, written);
    }
  }

  /** An attempt that has ended stays as it is. */
  #checkKept(name: string, was: Attempt, is: Attempt): void {
    const rule = "an attempt's end is recorded once";
    this.#verdict.expect(
      JSON.stringify(Object.entries(was).sort()) === JSON.stringify(Object.entries(is).sort()),
      rule,
      () => `${name}: ${JSON.stringify(was)} became ${JSON.stringify(is)}`,
    );
  }

  #checkEnd(
    name: string,
    place: string,
    task: TaskRecord,
    attempt: Attempt,
    written: readonly Written[],
  ): void {
    const { instanceId, outcome, exitCode = 0 } = attempt;
    const seats = written.filter((one) => one.kind === 'seat');
    this.#verdict.expect(
      seats.some(({ before }) => before?.node?.instanceId === instanceId),
      "only a seat's present node ends attempts",
      () => `${name}, attempt ${attempt.attempt}, ended on ${instanceId}`,
    );
    const isStopped = this.#records.groups.get(place)?.stop !== undefined;
    const mayRetry = isRetryDue(this.#specOf(place), attempt.attempt, exitCode);
    const isRetried = task.state === 'PENDING';
    const isRight =
      outcome === 'SUCCEEDED' ? task.state === 'SUCCEEDED' : isRetried ? mayRetry : !mayRetry || isStopped;
    this.#verdict.expect(
      isRight,
      'retries follow the rules of the job',
      () => `${name} is ${task.state} after attempt ${attempt.attempt} ${outcome} with ${exitCode}`,
    );
    const problem = this.#history.problemWith(place, task.index, attempt);
    this.#verdict.expect(problem === undefined, 'outcomes are what happened', () => `${name}: ${problem}`);
  }

  #specOf(place: string): TaskSpec {
    const [uid = '', groupId = ''] = place.split('/');
    const groups = this.#records.spec(uid).taskGroups ?? [];
    return groups[Number(groupId.slice('group'.length))]?.taskSpec ?? {};
  }
}

/** The retry rules once more, in the words of the API's description. */
function isRetryDue(spec: TaskSpec, attempt: number, exitCode: number): boolean {
  const retriesLeft = (spec.maxRetryCount ?? 0) - attempt;
  if (retriesLeft <= 0) return false;
  const policy = spec.lifecyclePolicies?.[0];
  const isListed = (policy?.actionCondition?.exitCodes ?? []).includes(exitCode);
  if (policy?.action === 'RETRY_TASK') return isListed;
  if (policy?.action === 'FAIL_TASK') return !isListed;
  return true;
}
