import type { LogEntry } from '../api/answers.ts';
import type { JobOutcome } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { writeLines } from '../output/format.ts';
import type { FollowState } from '../progress/follow-state.ts';
import { failedFirst, logLine } from '../progress/log-lines.ts';
import { summaryLines } from '../progress/summary.ts';
import { MOST_KEPT_LINES } from './follow-job.ts';

/** What a run that has ended is known to have come to. */
export interface RunEnd {
  state: FollowState;
  outcome: JobOutcome;
  lines: LogEntry[] | 'too many';
  /** The output was printed while the job ran. */
  streamed: boolean;
  dataDir: string;
}

/** Prints what remains to be said when the job has ended: its output, unless it is long or was printed before, and the outcome. */
export function printEnd(host: Host, { state, outcome, lines, streamed, dataDir }: RunEnd): void {
  const { out, err } = host;
  const isLong = lines === 'too many' && !streamed;
  if (lines !== 'too many') {
    const failed = new Set(state.progress.failures.map(({ task }) => task));
    writeLines(
      out,
      failedFirst(lines, failed).map((entry) => logLine(entry, out.paint)),
    );
  }
  const wasPrinted = streamed || (lines !== 'too many' && lines.length > 0);
  writeLines(
    err,
    summaryLines(
      state,
      outcome,
      { columns: err.columns, outputLines: wasPrinted ? 0 : 20 },
      err.paint,
      host.now(),
    ),
  );
  if (isLong) writeLines(err, longOutputHint(state.jobId, dataDir));
}

function longOutputHint(jobId: string, dataDir: string): string[] {
  const serve = dataDir === '.sluice' ? 'sluice serve' : `sluice serve --data ${dataDir}`;
  return [
    `The tasks wrote more than ${MOST_KEPT_LINES} lines. To read them: '${serve}' and then 'sluice logs ${jobId}'; to see them as they come: --logs.`,
  ];
}
