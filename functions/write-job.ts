import type { JobHead, JobRecord } from '../shared/core/job/job-record.ts';
import { outlineOf, specRecord } from '../shared/core/job/job-spec.ts';
import { jobIndex, jobKey, specKey } from '../shared/core/keys.ts';
import type { Item, Put } from '../shared/ports/store.ts';

/** The write that puts a changed job record in the place of the one that was read. */
export function jobWrite({ pk, sk, version, body }: Item<JobHead>): Put {
  return { pk, sk, body: headOf(body), ifVersion: version, index: jobIndex(body) };
}

/** The writes of a new job. */
export function newJobWrites(job: JobRecord): Put[] {
  return [
    { ...jobKey(job.uid), body: headOf(job), ifVersion: 0, index: jobIndex(job) },
    { ...specKey(job.uid), body: specRecord(job.spec), ifVersion: 0 },
  ];
}

function headOf(job: JobHead): JobHead {
  return { ...job, spec: outlineOf(job.spec) };
}
