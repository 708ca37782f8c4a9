import type { DependencyType } from '../../contract/dependency.ts';
import type { JobHead } from './job-record.ts';

export type RequiredState = Exclude<DependencyType, 'TYPE_UNSPECIFIED'>;

/** A job that another one waits for. Once it is MET or IMPOSSIBLE it stays so, whatever becomes of that job later. */
export interface Dependency {
  readonly uid: string;
  /** Full name. */
  readonly name: string;
  readonly need: RequiredState;
  verdict?: 'MET' | 'IMPOSSIBLE';
  /** What the job was when the verdict fell. */
  was?: string;
}

/** What is known of a job that others wait for; undefined for one whose records are gone. */
export type DependencyTarget = Pick<JobHead, 'state' | 'outcome'> | undefined;

const metBy: Record<RequiredState, readonly string[]> = {
  SUCCEEDED: ['SUCCEEDED'],
  FAILED: ['FAILED'],
  FINISHED: ['SUCCEEDED', 'FAILED'],
};

/**
 * Whether a dependency holds (Google Batch, page on dependent jobs). A job that was cancelled, or deleted before it had an
 * outcome, can reach none of the three states any more.
 */
export function judge(need: RequiredState, target: DependencyTarget): Pick<Dependency, 'verdict' | 'was'> {
  const was = target === undefined ? 'deleted' : (target.outcome ?? target.state);
  if (metBy[need].includes(was)) return { verdict: 'MET', was };
  const over =
    target === undefined || target.outcome !== undefined || target.state === 'DELETION_IN_PROGRESS';
  return over ? { verdict: 'IMPOSSIBLE', was } : {};
}

/** Whether a job may be admitted as far as its dependencies go. */
export function dependenciesMet(job: Pick<JobHead, 'dependencies'>): boolean {
  return (job.dependencies ?? []).every((dependency) => dependency.verdict === 'MET');
}

/** What a job with open dependencies waits for, in words. */
export function awaitedJobs(dependencies: readonly Dependency[]): string {
  const open = dependencies.filter((dependency) => dependency.verdict === undefined);
  return `waits for ${open.map(({ name, need }) => `${name} to be ${need}`).join(' and for ')}`;
}

/** Why a job can never be scheduled: the first dependency that has become impossible. */
export function impossibleText({ name, need, was }: Dependency): string {
  return `Job failed because ${name}, which had to be ${need} before it, is ${was}.`;
}
