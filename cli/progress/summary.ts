import type { TaskFailure } from '../api/answers.ts';
import type { JobOutcome } from '../exit-codes.ts';
import { formatElapsed } from '../output/times.ts';
import { count, grouped, styleOf } from '../output/words.ts';
import type { Paint } from '../terminal/terminal.ts';
import { failureBlock } from './failures.ts';
import type { FollowState } from './follow-state.ts';
import { totalsOf } from './totals.ts';

/** How much a summary says. */
export interface SummaryOptions {
  /** How many of its last lines a failed task shows. */
  outputLines: number;
  /** The command that lists the failed tasks that are not shown. */
  listCommand?: string;
}

/** What is said once a job has ended: failures first with the end of their output, then the outcome in one line. */
export function summaryLines(
  state: FollowState,
  outcome: JobOutcome,
  options: SummaryOptions,
  paint: Paint,
  now: number,
): string[] {
  const failures = state.progress.failures.filter((failure) => !isCancellation(failure, outcome));
  return [
    ...failures.flatMap((failure) =>
      failureBlock(failure, Number.POSITIVE_INFINITY, paint, options.outputLines),
    ),
    ...moreFailures(state, options.listCommand),
    outcomeLine(state, outcome, paint, now),
  ];
}

/** Exit code of a task that ended for no reason of its own, such as the cancellation of its job. */
const NO_REASON_OF_ITS_OWN = 50_000;

function isCancellation({ exitCode }: TaskFailure, outcome: JobOutcome): boolean {
  return outcome === 'CANCELLED' && exitCode === NO_REASON_OF_ITS_OWN;
}

function moreFailures({ progress }: FollowState, listCommand?: string): string[] {
  const more = totalsOf(progress).failed - progress.failures.length;
  if (more <= 0) return [];
  return [`and ${count(more, 'more failed task')}${listCommand === undefined ? '' : `: ${listCommand}`}`];
}

/** `my-job FAILED after 12s: 97 of 100 tasks succeeded, 3 failed`. */
export function outcomeLine(state: FollowState, outcome: JobOutcome, paint: Paint, now: number): string {
  const { tasks, succeeded, failed, unexecuted } = totalsOf(state.progress);
  const parts = [
    `${grouped(succeeded)} of ${count(tasks, 'task')} succeeded`,
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
    ...(unexecuted > 0 ? [`${grouped(unexecuted)} never ran`] : []),
  ];
  const counts = tasks > 0 ? `: ${parts.join(', ')}` : '';
  const word = paint(styleOf(outcome), outcome);
  return `${paint('bold', state.jobId)} ${word} after ${formatElapsed(now - state.createdAt)}${counts}`;
}
