import type { Command } from 'commander';
import { parseJob } from '../api/place.ts';
import { waitForOperation } from '../api/wait-for-operation.ts';
import { type Context, connect, type PlaceOptions, withPlace } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

interface DeleteOptions extends PlaceOptions {
  reason?: string;
  async?: boolean;
}

/** `sluice jobs delete JOB`: stops a job if it runs, and removes its records. */
export function addJobsDelete(jobs: Command, context: Context): void {
  withPlace(jobs.command('delete'))
    .description('delete a job and its records; a running one is stopped first')
    .argument('<job>', 'job id or full name')
    .option('--reason <text>', 'why, for the record')
    .option('--async', 'return at once, before the job is gone')
    .action(async (text: string, options: DeleteOptions) => {
      const { host } = context;
      const { client, place } = connect(host, options);
      const name = parseJob(text, place);
      const operation = await client.deleteJob(name, options.reason);
      if (options.async) {
        host.err.write(`Job ${name.jobId} is being deleted (${operation.name}).\n`);
        return;
      }
      const { error } = await waitForOperation(client, host, operation);
      host.err.write(
        error === undefined
          ? `Job ${name.jobId} was deleted.\n`
          : `sluice: job ${name.jobId} was not deleted: ${error.message ?? 'no reason given'}\n`,
      );
      if (error !== undefined) context.exitCode = exitCodes.failed;
    });
}
