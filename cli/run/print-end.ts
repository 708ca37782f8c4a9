import type { LogEntry } from '../api/answers.ts';
import type { JobOutcome } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { writeLines } from '../output/format.ts';
import type { FollowState } from '../progress/follow-state.ts';
import { failedFirst, logLine } from '../progress/log-lines.ts';
import { summaryLines } from '../progress/summary.ts';
import { totalsOf } from '../progress/totals.ts';
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

/** So many of its last lines a failed task shows when its output was not printed. */
const LINES_OF_A_FAILURE = 20;

/** Prints what remains to be said when the job has ended: its output, unless it is long or was printed before, and the outcome. */
export function printEnd(host: Host, { state, outcome, lines, streamed, dataDir }: RunEnd): void {
  const { out, err } = host;
  const { failures } = state.progress;
  if (lines !== 'too many') {
    const failed = new Set(failures.map(({ task }) => task));
    writeLines(
      out,
      failedFirst(lines, failed).map((entry) => logLine(entry, out.paint)),
    );
  }
  const wasPrinted = streamed || (lines !== 'too many' && lines.length > 0);
  const outputLines = wasPrinted ? 0 : LINES_OF_A_FAILURE;
  writeLines(err, summaryLines(state, outcome, { outputLines }, err.paint, host.now()));
  const isLong = lines === 'too many' && !streamed;
  const notAllShown = totalsOf(state.progress).failed > failures.length;
  if (isLong || notAllShown)
    writeLines(err, [whereToLook({ jobId: state.jobId, dataDir, isLong, notAllShown })]);
}

/** This process's service ends with it: a look at the records needs another one. */
function whereToLook(given: {
  jobId: string;
  dataDir: string;
  isLong: boolean;
  notAllShown: boolean;
}): string {
  const { jobId, dataDir, isLong, notAllShown } = given;
  const serve = dataDir === '.sluice' ? 'sluice serve' : `sluice serve --data ${dataDir}`;
  const commands = [
    ...(notAllShown ? [`'sluice tasks list --job ${jobId} --filter state=FAILED'`] : []),
    ...(isLong ? [`'sluice logs ${jobId}'`] : []),
  ];
  const why = isLong
    ? `The tasks wrote more than ${MOST_KEPT_LINES} lines; --logs prints them as they come. `
    : '';
  return `${why}To look closer: '${serve}', then ${commands.join(' and ')}.`;
}
