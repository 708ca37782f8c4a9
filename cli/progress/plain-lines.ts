import type { Progress } from '../api/answers.ts';
import { count, grouped, waitingText } from '../output/words.ts';
import { failureLine } from './failures.ts';
import type { FollowState } from './follow-state.ts';
import { groupLine } from './live-view.ts';
import { formatRate, rateOf } from './rate.ts';
import { totalsOf } from './totals.ts';

/** What plain lines have said so far. */
export interface Said {
  state: string;
  waitingFor: string;
  counts: string;
  countsAt: number;
  failures: ReadonlySet<string>;
}

export const nothingSaid: Said = {
  state: '',
  waitingFor: '',
  counts: '',
  countsAt: Number.NEGATIVE_INFINITY,
  failures: new Set(),
};

/** Counts change all the time in a busy job: a log wants them now and then. */
const COUNTS_EVERY_MS = 2_000;

/**
 * The lines to print where nothing can be drawn again, in a pipe or a log: one when the state changes, when the reason for
 * waiting does and for each new failure, and the counts at most every 2 s while they change.
 */
export function plainLines(said: Said, follow: FollowState, now: number): { said: Said; lines: string[] } {
  const { jobId, progress } = follow;
  const lines: string[] = [];
  const next = { ...said };
  if (progress.state !== said.state) {
    lines.push(
      said.state === '' ? `${jobId}: ${progress.state}` : `${jobId}: ${said.state} -> ${progress.state}`,
    );
    next.state = progress.state;
  }
  next.waitingFor = progress.waitingFor ?? '';
  if (next.waitingFor !== said.waitingFor && next.waitingFor !== '')
    lines.push(`${jobId}: ${waitingText(next.waitingFor)}`);
  const failures = progress.failures.filter(({ task }) => !said.failures.has(task));
  if (failures.length > 0) {
    lines.push(...failures.map((failure) => `${jobId}: ${failureLine(failure)}`));
    next.failures = new Set([...said.failures, ...failures.map(({ task }) => task)]);
  }
  const counts = countsText(progress);
  if (counts !== said.counts && now - said.countsAt >= COUNTS_EVERY_MS && totalsOf(progress).ended > 0) {
    const rate = rateOf(follow.samples);
    lines.push(`${jobId}: ${counts}${rate === undefined ? '' : ` (${formatRate(rate)})`}`);
    next.counts = counts;
    next.countsAt = now;
  }
  return { said: next, lines };
}

function countsText(progress: Progress): string {
  const { ended, tasks, failed, running } = totalsOf(progress);
  const stages = progress.groups.filter(({ stages }) => stages > 1).map((group) => groupLine(group, false));
  return [
    `${grouped(ended)} of ${count(tasks, 'task')} ended`,
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
    ...(running > 0 ? [`${grouped(running)} running`] : []),
    ...stages,
  ].join(', ');
}
