import { notFound } from '../../shared/contract/error.ts';
import { formatJobName, type JobName } from '../../shared/contract/resource-name.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { jobNameKey } from '../../shared/core/keys.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { loadJob } from '../load-job.ts';

/** What is stored under a job's name. */
export interface JobNameRecord {
  readonly uid: string;
}

/** The record of the job of that name; NOT_FOUND with the name as the client wrote it. */
export async function findJob(store: Store, name: JobName): Promise<Item<JobRecord>> {
  const named = await store.get<JobNameRecord>(jobNameKey(name));
  const job = named === undefined ? undefined : await loadJob(store, named.body.uid);
  if (job === undefined) throw notFound(formatJobName(name));
  return job;
}
