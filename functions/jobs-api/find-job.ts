import { notFound } from '../../shared/contract/error.ts';
import { formatJobName, type JobName } from '../../shared/contract/resource-name.ts';
import type { JobHead, JobRecord } from '../../shared/core/job/job-record.ts';
import { jobNameKey } from '../../shared/core/keys.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { loadJob, loadJobHead } from '../load-job.ts';

/** What is stored under a job's name. */
export interface JobNameRecord {
  readonly uid: string;
}

/** The job of that name, with the outline of its spec; NOT_FOUND with the name as the client wrote it. */
export function findJobHead(store: Store, name: JobName): Promise<Item<JobHead>> {
  return find(store, name, loadJobHead);
}

/** The same with the whole spec, which can be a megabyte: for who shows or changes it. */
export function findJob(store: Store, name: JobName): Promise<Item<JobRecord>> {
  return find(store, name, loadJob);
}

async function find<Body>(
  store: Store,
  name: JobName,
  load: (store: Store, uid: string) => Promise<Item<Body> | undefined>,
): Promise<Item<Body>> {
  const named = await store.get<JobNameRecord>(jobNameKey(name));
  const job = named === undefined ? undefined : await load(store, named.body.uid);
  if (job === undefined) throw notFound(formatJobName(name));
  return job;
}
