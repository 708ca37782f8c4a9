import type { Command } from 'commander';
import { parseJob } from '../api/place.ts';
import { waitForOperation } from '../api/wait-for-operation.ts';
import { type Context, connect, type PlaceOptions, withPlace } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

/** `sluice jobs cancel JOB`: stops a job and keeps its records. */
export function addJobsCancel(jobs: Command, context: Context): void {
  withPlace(jobs.command('cancel'))
    .description('cancel a job; its records stay')
    .argument('<job>', 'job id or full name')
    .option('--async', 'return at once, before the job has stopped')
    .action(async (text: string, options: PlaceOptions & { async?: boolean }) => {
      const { host } = context;
      const { client, place } = connect(host, options);
      const name = parseJob(text, place);
      const operation = await client.cancelJob(name);
      if (options.async) {
        host.err.write(`Job ${name.jobId} is being cancelled (${operation.name}).\n`);
        return;
      }
      const { error } = await waitForOperation(client, host, operation);
      host.err.write(
        error === undefined
          ? `Job ${name.jobId} was cancelled.\n`
          : `sluice: job ${name.jobId} was not cancelled: ${error.message ?? 'no reason given'}\n`,
      );
      if (error !== undefined) context.exitCode = exitCodes.failed;
    });
}
