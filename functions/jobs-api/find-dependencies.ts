import { invalidArgument, type Violation } from '../../shared/contract/error.ts';
import type { Job } from '../../shared/contract/job.ts';
import {
  formatJobName,
  type JobName,
  type LocationName,
  parseJobName,
} from '../../shared/contract/resource-name.ts';
import { type Dependency, judge, type RequiredState } from '../../shared/core/job/dependencies.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { dependentKey, jobKey, jobNameKey } from '../../shared/core/keys.ts';
import type { Put, Store } from '../../shared/ports/store.ts';
import type { JobNameRecord } from './find-job.ts';

/**
 * The jobs that a new one depends on. They must exist when it is created, in its own location (Google Batch, page on
 * dependent jobs, and the description of JobDependency). Throws INVALID_ARGUMENT with one violation for each that does not.
 */
export async function findDependencies(store: Store, place: LocationName, spec: Job): Promise<Dependency[]> {
  const wishes = (spec.dependencies ?? []).flatMap(({ items = {} }, at) =>
    Object.entries(items).map(([text, need]) => ({
      field: `dependencies[${at}].items[${JSON.stringify(text)}]`,
      name: text.includes('/') ? parseJobName(text) : { ...place, jobId: text },
      need: need as RequiredState,
    })),
  );
  const found = await store.getMany<JobNameRecord>(wishes.map(({ name }) => jobNameKey(name)));
  const violations = wishes.flatMap(({ field, name }, at): Violation[] => {
    const isSame = (other: (typeof wishes)[number]) => formatJobName(other.name) === formatJobName(name);
    const problem = wishes.slice(0, at).some(isSame)
      ? `must name each job once; given '${formatJobName(name)}' again`
      : misplaced(name, place, found[at] !== undefined);
    return problem === undefined ? [] : [{ field, description: problem }];
  });
  if (violations.length > 0) throw invalidArgument(violations);
  const uids = found.map((item) => item?.body.uid ?? '');
  // What has ended already is remembered as what it was, whatever becomes of it from now on.
  const targets = await store.getMany<JobHead>(uids.map(jobKey));
  return wishes.map(({ name, need }, at) => ({
    uid: uids[at] ?? '',
    name: formatJobName(name),
    need,
    ...judge(need, targets[at]?.body),
  }));
}

function misplaced(name: JobName, place: LocationName, exists: boolean): string | undefined {
  if (name.project !== place.project || name.location !== place.location) {
    return `must name a job of the same project and location; given '${formatJobName(name)}'`;
  }
  return exists ? undefined : `must name a job that exists; there is no '${formatJobName(name)}'`;
}

/** What is stored of a job that waits for another. */
export interface DependentRecord {
  readonly uid: string;
  /** Full name. */
  readonly name: string;
}

/** The writes that have a job told when those that it depends on end. */
export function dependentPuts(job: JobHead): Put[] {
  const body: DependentRecord = { uid: job.uid, name: formatJobName(job) };
  return (job.dependencies ?? []).map(({ uid }) => ({ ...dependentKey(uid, job.uid), body, ifVersion: 0 }));
}
