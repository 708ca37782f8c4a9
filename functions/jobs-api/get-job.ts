import type { Job } from '../../shared/contract/job.ts';
import { parseJobName } from '../../shared/contract/resource-name.ts';
import type { ReadPorts } from './api-ports.ts';
import { findJob } from './find-job.ts';
import { groupsNow } from './group-now.ts';
import { jobView } from './job-view.ts';

/** jobs.get: the job as it is now. */
export async function getJob({ store, clock }: ReadPorts, request: { name: string }): Promise<Job> {
  const name = parseJobName(request.name);
  const { body } = await findJob(store, name);
  return jobView(body, name, await groupsNow(store, body), clock.now());
}
