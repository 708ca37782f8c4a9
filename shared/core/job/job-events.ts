import type { FailedTask } from '../seat/seat-record.ts';
import type { JobHead } from './job-record.ts';
import { isFinished, type JobEvent, type JobStateName, jobStates } from './job-states.ts';

/** Google's failure suffix follows the sentence without a space; clients match it so (Cromwell, Nextflow). */
export function failureSuffix(failure: FailedTask | undefined): string {
  if (failure === undefined) return '';
  return `Job failed due to task failure. Specifically, task with index ${failure.index} failed due to the following task event: "${failure.description}"`;
}

function stateText(job: JobHead, from: JobStateName, to: JobStateName, suffix: string): string {
  const name = `projects/${job.project}/locations/${job.location}/jobs/${job.jobId}`;
  return `Job state is set from ${from} to ${to} for job ${name}.${suffix}`;
}

/**
 * Moves a job to its next state and writes the status event for it, in the words that clients match (Google Batch,
 * troubleshooting page). Mutates `job`; throws IllegalTransitionError when the table has no such move.
 */
export function moveJob(
  job: JobHead,
  event: JobEvent,
  now: number,
  detail: { suffix?: string; exitCode?: number } = {},
): void {
  const from = job.state;
  job.state = jobStates.move(from, event);
  job.updatedAt = now;
  delete job.waitingFor;
  if (job.state === 'RUNNING') job.runningAt = now;
  else if (from === 'RUNNING') job.runEndedAt = now;
  if (isFinished(job.state)) job.outcome = job.state;
  job.events.push({
    at: now,
    type: 'STATUS_CHANGED',
    description: stateText(job, from, job.state, detail.suffix ?? ''),
    ...(detail.exitCode === undefined ? {} : { exitCode: detail.exitCode }),
  });
}

/** Adds a line that is no change of state. Mutates `job`. */
export function noteOnJob(job: JobHead, description: string, now: number): void {
  if (job.events.some((event) => event.description === description)) return;
  job.events.push({ at: now, type: 'OPERATIONAL_INFO', description });
  job.updatedAt = now;
}
