import { limitsIn } from '../../../core/admission/admit.ts';
import { tooLittle } from '../../../core/admission/amounts.ts';
import {
  type CapacityUse,
  type Hold,
  type Scope,
  sumOfHolds,
  unused,
  usedIn,
} from '../../../core/admission/capacity-use.ts';
import type { UseLimits } from '../../../core/admission/use-limits.ts';
import { dependenciesMet, judge, type RequiredState } from '../../../core/job/dependencies.ts';
import type { JobHead } from '../../../core/job/job-record.ts';
import type { Verdict } from '../world.ts';
import type { Records, Written } from './records.ts';

/** What must hold of limits, of what admitted jobs take, and of jobs that wait for others. */
export class AdmissionChecks {
  readonly #verdict: Verdict;
  readonly #records: Records;
  readonly #limits: UseLimits;
  readonly #holds = new Map<string, Hold>();
  /** How each job ended, also of those that are gone. */
  readonly #outcomes = new Map<string, string>();
  #use = unused;

  constructor(verdict: Verdict, records: Records, limits: UseLimits) {
    this.#verdict = verdict;
    this.#records = records;
    this.#limits = limits;
  }

  check(written: readonly Written[]): void {
    for (const { place, after } of written) {
      const [pk, sk = ''] = place.split('\u0000');
      if (pk === 'CAPACITY') this.#use = (after as CapacityUse | undefined) ?? unused;
      if (pk === 'HOLDS' && after === undefined) this.#holds.delete(sk);
      else if (pk === 'HOLDS') this.#holds.set(sk, after as Hold);
    }
    for (const one of written) if (one.kind === 'job') this.#checkJob(one.before, one.after);
    for (const one of written)
      if (one.kind === 'group' && one.before === undefined) this.#checkPlan(one.place);
    this.#checkUse();
  }

  /** When all has come to rest nothing is taken. */
  checkRest(): void {
    const left = [...this.#holds.keys(), ...Object.keys(this.#use.used)];
    this.#verdict.expect(left.length === 0, 'ended jobs take nothing', () => left.join(', '));
  }

  #checkUse(): void {
    const sum = sumOfHolds([...this.#holds.values()], this.#use.reserved);
    this.#verdict.expect(
      sameUse(sum, this.#use),
      'what is taken is the sum of the holds',
      () => `${JSON.stringify(this.#use)} is not ${JSON.stringify(sum)}`,
    );
    for (const scope of Object.keys(this.#use.used) as Scope[]) {
      const used = usedIn(this.#use, scope);
      this.#verdict.expect(
        tooLittle(used, limitsIn(scope, scope.replace('project ', ''), this.#limits)) === undefined,
        'jobs stay within limits',
        () => `${scope}: ${JSON.stringify(used)}`,
      );
    }
  }

  #checkJob(before: JobHead | undefined, after: JobHead | undefined): void {
    const job = after ?? before;
    if (job === undefined) return;
    if (job.outcome !== undefined) this.#outcomes.set(job.uid, job.outcome);
    const runs = after?.state === 'SCHEDULED' || after?.state === 'RUNNING';
    this.#verdict.expect(
      !runs || JSON.stringify(this.#holds.get(job.uid)?.amounts) === JSON.stringify(after?.demand?.amounts),
      'an admitted job holds what it takes',
      () => `${job.uid}: ${JSON.stringify(this.#holds.get(job.uid))}`,
    );
    if (before?.state !== 'QUEUED') return;
    const verdicts = (job.dependencies ?? []).map(({ uid, need }) => this.#verdictOn(uid, need));
    if (after?.state === 'SCHEDULED')
      this.#verdict.expect(
        dependenciesMet(after) && verdicts.every((verdict) => verdict === 'MET'),
        'a job waits for its dependencies',
        () => `${job.uid} is scheduled: ${JSON.stringify(job.dependencies)}`,
      );
    if (after?.state === 'FAILED')
      this.#verdict.expect(
        verdicts.includes('IMPOSSIBLE'),
        'a job fails in the queue when a dependency is impossible',
        () => `${job.uid} has failed: ${JSON.stringify(job.dependencies)}`,
      );
  }

  /** A dependency as it truly is, by all that was ever committed. */
  #verdictOn(uid: string, need: RequiredState) {
    const outcome = this.#outcomes.get(uid) as JobHead['outcome'];
    return judge(need, this.#records.jobs.get(uid) ?? (outcome && { state: outcome, outcome })).verdict;
  }

  #checkPlan(place: string): void {
    const [uid = '', groupId = ''] = place.split('/');
    const given = this.#records.jobs.get(uid)?.demand?.groups[Number(groupId.slice('group'.length))]?.nodes;
    const planned = this.#records.groups.get(place)?.seatCount ?? 0;
    this.#verdict.expect(
      given !== undefined && planned <= given,
      'a group has no more seats than its job may have nodes',
      () => `${place}: ${planned} of ${given}`,
    );
  }
}

function sameUse(a: CapacityUse, b: CapacityUse): boolean {
  const canonical = ({ used, reserved }: CapacityUse) =>
    JSON.stringify([used, reserved].map((part) => Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1))));
  return canonical(a) === canonical(b);
}
