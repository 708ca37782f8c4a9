import { type Command, Option } from 'commander';
import type { LogEntry } from '../api/answers.ts';
import { BatchClient } from '../api/batch-client.ts';
import { parseTarget, type Target } from '../api/place.ts';
import { tailLog } from '../api/tail-log.ts';
import { type Context, connect, type PlaceOptions, withPlace } from '../context.ts';
import { outcomeOf } from '../exit-codes.ts';
import { writeLines } from '../output/format.ts';
import { formatTime } from '../output/times.ts';
import { logLine } from '../progress/log-lines.ts';
import type { Paint } from '../terminal/terminal.ts';

interface LogsOptions extends PlaceOptions {
  follow?: boolean;
  stream?: 'stdout' | 'stderr';
  timestamps?: boolean;
}

/** Long enough for a restart of the service. */
const PATIENCE_MS = 60_000;

/** `sluice logs JOB[/GROUP/TASK]`: what tasks wrote. */
export function addLogs(program: Command, context: Context): void {
  withPlace(program.command('logs'))
    .description("print tasks' output")
    .argument('<target>', 'JOB, JOB/GROUP or JOB/GROUP/TASK, such as my-job/group0/3')
    .option('-f, --follow', 'go on until the job ends')
    .option('-t, --timestamps', 'put the time in front of each line')
    .addOption(new Option('--stream <stream>', 'only one of the streams').choices(['stdout', 'stderr']))
    .action(async (text: string, options: LogsOptions) => {
      const { host } = context;
      const { client, place } = connect(host, options);
      const target = parseTarget(text, place);
      // Asked for first, so that a job that does not exist is an error and not an empty output.
      await client.getJob(target.job);
      const reader = options.follow ? new BatchClient(client.connection.patient(PATIENCE_MS)) : client;
      await tailLog({
        client: reader,
        host,
        job: target.job,
        follow: options.follow ?? false,
        task: target.kind === 'task' ? `${target.task.groupId}/${target.task.index}` : undefined,
        onEntries: (entries) => writeLines(host.out, linesOf(entries, target, options, host.out.paint)),
        hasEnded: async () => {
          if (!options.follow) return true;
          const { status } = await reader.getJob(target.job);
          return outcomeOf(status?.state ?? 'STATE_UNSPECIFIED') !== undefined;
        },
      });
    });
}

/** The lines to print of some entries; a task that was asked for by itself needs no name in front. */
export function linesOf(
  entries: readonly LogEntry[],
  target: Target,
  { stream, timestamps }: Pick<LogsOptions, 'stream' | 'timestamps'>,
  paint: Paint,
): string[] {
  return entries
    .filter((entry) => stream === undefined || entry.stream === stream)
    .filter((entry) => target.kind !== 'group' || entry.taskGroup === target.groupId)
    .map((entry) => {
      const line = target.kind === 'task' ? entry.text.replace(/\r?\n$/, '') : logLine(entry, paint);
      return timestamps ? `${formatTime(entry.time)} ${line}` : line;
    });
}
