import { ApiError } from '../../shared/contract/error.ts';
import type { Job } from '../../shared/contract/job.ts';
import type { JobName } from '../../shared/contract/resource-name.ts';
import { type Progress, readProgress } from '../api/answers.ts';
import type { BatchClient } from '../api/batch-client.ts';
import { type JobOutcome, outcomeOf } from '../exit-codes.ts';
import type { Host } from '../host.ts';

export interface Watch {
  client: BatchClient;
  host: Pick<Host, 'sleep' | 'now'>;
  job: JobName;
  onProgress: (progress: Progress) => void;
  signal?: AbortSignal | undefined;
}

const POLL_MS = 200;

/** Asks for a job's progress until it ends; undefined when the signal ended the watch. Slower where answers take long. */
export async function watchProgress({
  client,
  host,
  job,
  onProgress,
  signal,
}: Watch): Promise<JobOutcome | undefined> {
  while (!signal?.aborted) {
    const askedAt = host.now();
    const progress = await progressOf(client, job).catch((error: unknown) => {
      if (signal?.aborted) return undefined;
      throw error;
    });
    if (progress === undefined) return signal?.aborted ? undefined : 'DELETED';
    onProgress(progress);
    const outcome = outcomeOf(progress.state);
    if (outcome !== undefined) return outcome;
    await host.sleep(Math.max(POLL_MS, 2 * (host.now() - askedAt)), signal);
  }
  return undefined;
}

/** The job's progress, from the job itself where the service has no `progress`; undefined when there is no such job any more. */
async function progressOf(client: BatchClient, job: JobName): Promise<Progress | undefined> {
  try {
    return await client.progress(job);
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 'NOT_FOUND' && error.status !== 'UNIMPLEMENTED'))
      throw error;
  }
  try {
    return progressFromJob(await client.getJob(job));
  } catch (error) {
    if (error instanceof ApiError && error.status === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** What a job's status alone says of its progress. */
export function progressFromJob(job: Job): Progress {
  const groups = (job.taskGroups ?? []).map((group, i) => {
    const name = group.name?.split('/').at(-1) ?? `group${i}`;
    const counts = Object.entries(job.status?.taskGroups?.[name]?.counts ?? {});
    return {
      group: name,
      taskCount: Number(group.taskCount ?? 1),
      stage: 1,
      stages: 1,
      atBarrier: 0,
      counts: Object.fromEntries(counts.map(([state, number]) => [state, Number(number)])),
    };
  });
  return readProgress({ state: job.status?.state, groups });
}
