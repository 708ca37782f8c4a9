import type { TaskFailure } from '../api/answers.ts';
import type { JobOutcome } from '../exit-codes.ts';
import { formatElapsed } from '../output/times.ts';
import { count, grouped, styleOf } from '../output/words.ts';
import type { Paint } from '../terminal/terminal.ts';
import { failureBlock } from './failures.ts';
import type { FollowState } from './follow-state.ts';
import { totalsOf } from './totals.ts';

/** How wide a summary may be, and how many of its last lines a failed task shows. */
export interface SummaryRoom {
  columns: number;
  outputLines: number;
}

/** What is said once a job has ended: failures first with the end of their output, then the outcome in one line. */
export function summaryLines(
  state: FollowState,
  outcome: JobOutcome,
  room: SummaryRoom,
  paint: Paint,
  now: number,
): string[] {
  const failures = state.progress.failures;
  return [
    ...failures.flatMap((failure) =>
      failureBlock(failure, Math.max(room.columns, 60) - 1, paint, room.outputLines),
    ),
    ...moreFailures(totalsOf(state.progress).failed, failures, state.jobId),
    outcomeLine(state, outcome, paint, now),
  ];
}

function moreFailures(failed: number, shown: readonly TaskFailure[], jobId: string): string[] {
  const more = failed - shown.length;
  return more > 0
    ? [`and ${count(more, 'more failed task')}: sluice tasks list --job ${jobId} --filter state=FAILED`]
    : [];
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
