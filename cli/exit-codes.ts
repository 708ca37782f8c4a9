import type { JobState } from '../shared/contract/states.ts';

/** What the command's exit code says. */
export const exitCodes = {
  succeeded: 0,
  /** A job ended FAILED, or was deleted before it ended. */
  failed: 1,
  /** The command line, the job file or the request is wrong: doing the same again will not help. */
  usage: 2,
  /** The service cannot be reached or cannot answer now. */
  service: 3,
  /** A job was cancelled; also 128 + SIGINT, what shells expect after Ctrl-C. */
  cancelled: 130,
} as const;

/** How a job that is waited for came out: its end state, or that it was deleted. */
export type JobOutcome = 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'DELETED';

const outcomes: Partial<Record<JobState, JobOutcome>> = {
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  DELETION_IN_PROGRESS: 'DELETED',
};

/** The outcome that a job state means, or undefined while the job goes on. */
export function outcomeOf(state: JobState): JobOutcome | undefined {
  return outcomes[state];
}

const codes: Record<JobOutcome, number> = {
  SUCCEEDED: exitCodes.succeeded,
  FAILED: exitCodes.failed,
  DELETED: exitCodes.failed,
  CANCELLED: exitCodes.cancelled,
};

/** The exit code for the outcomes of one or more jobs: a failure outweighs a cancellation, and that a success. */
export function exitCodeFor(jobs: readonly JobOutcome[]): number {
  const found = new Set(jobs.map((outcome) => codes[outcome]));
  if (found.has(exitCodes.failed)) return exitCodes.failed;
  return found.has(exitCodes.cancelled) ? exitCodes.cancelled : exitCodes.succeeded;
}
