import type { Progress } from '../api/answers.ts';

/** Tasks of a job by where they are, over all groups. */
export interface Totals {
  tasks: number;
  succeeded: number;
  failed: number;
  unexecuted: number;
  running: number;
  pending: number;
  /** Succeeded, failed or never run: will not change. */
  ended: number;
}

/** Adds up a job's groups; tasks that no state counts are still to come, so they are pending. */
export function totalsOf(progress: Progress): Totals {
  const sum = (state: string) => progress.groups.reduce((all, group) => all + (group.counts[state] ?? 0), 0);
  const tasks = progress.groups.reduce((all, group) => all + group.taskCount, 0);
  const succeeded = sum('SUCCEEDED');
  const failed = sum('FAILED');
  const unexecuted = sum('UNEXECUTED');
  // A task that a node has taken but not started waits as much as one that no node has.
  const running = sum('RUNNING');
  const ended = succeeded + failed + unexecuted;
  return {
    tasks,
    succeeded,
    failed,
    unexecuted,
    running,
    ended,
    pending: Math.max(0, tasks - ended - running),
  };
}
