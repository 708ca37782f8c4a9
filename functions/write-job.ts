import type { JobRecord } from '../shared/core/job/job-record.ts';
import { jobIndex } from '../shared/core/keys.ts';
import type { Item, Put } from '../shared/ports/store.ts';

/** The write that puts a changed job record in the place of the one that was read. */
export function jobWrite({ pk, sk, version, body }: Item<JobRecord>): Put {
  return { pk, sk, body, ifVersion: version, index: jobIndex(body) };
}
