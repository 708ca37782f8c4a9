import type { JobName } from '../../shared/contract/resource-name.ts';
import type { LogEntry } from '../api/answers.ts';
import type { BatchClient } from '../api/batch-client.ts';
import { tailLog } from '../api/tail-log.ts';
import type { JobOutcome } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import type { JobView } from '../progress/job-view.ts';
import { watchProgress } from '../progress/watch-progress.ts';

export interface FollowOptions {
  client: BatchClient;
  host: Host;
  job: JobName;
  view: JobView;
  /**
   * What becomes of the tasks' output: `none`; `stream`: all of it goes to the view as it comes; `sample`: a view shows some of it,
   * and the first lines are kept for the end.
   */
  output: 'none' | 'stream' | 'sample';
  signal: AbortSignal;
}

export interface Followed {
  /** Undefined when the signal ended it. */
  outcome: JobOutcome | undefined;
  /** The output, when it is `sample`d and has at most `MOST_KEPT_LINES` lines. */
  lines: LogEntry[] | 'too many';
}

/** More lines than this are not printed at the end of a run. */
export const MOST_KEPT_LINES = 200;
/** A sampled output is for looking at: reading it must not slow down the tasks that write it. */
const SAMPLE_DELAY_MS = 250;

/** Follows a job to its end: its progress and, beside it, its output. */
export async function followJob({
  client,
  host,
  job,
  view,
  output,
  signal,
}: FollowOptions): Promise<Followed> {
  let hasEnded = false;
  const kept: LogEntry[] = [];
  const tail =
    output === 'none'
      ? Promise.resolve()
      : tailLog({
          client,
          host,
          job,
          signal,
          onEntries: (entries) => {
            if (kept.length <= MOST_KEPT_LINES)
              kept.push(...entries.slice(0, MOST_KEPT_LINES + 1 - kept.length));
            view.output(entries);
          },
          hasEnded: () => hasEnded,
          ...(output === 'sample'
            ? { pageDelayMs: SAMPLE_DELAY_MS, wantsMore: () => !hasEnded || kept.length <= MOST_KEPT_LINES }
            : {}),
        }).catch((error: unknown) => {
          if (!signal.aborted) view.note(`The tasks' output cannot be read: ${messageOf(error)}`);
        });
  const outcome = await watchProgress({
    client,
    host,
    job,
    signal,
    onProgress: (progress) => view.progress(progress),
  });
  hasEnded = true;
  if (outcome !== 'DELETED') await tail;
  const lines = kept.length > MOST_KEPT_LINES ? 'too many' : output === 'sample' ? kept : [];
  return { outcome, lines };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
