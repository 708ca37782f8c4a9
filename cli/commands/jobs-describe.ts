import type { Command } from 'commander';
import { parseJob } from '../api/place.ts';
import { type Context, connect, type PlaceOptions, withFormat, withPlace } from '../context.ts';
import { type Format, writeLines, writeResource } from '../output/format.ts';
import { jobSummary } from '../output/job-summary.ts';

/** `sluice jobs describe JOB`. */
export function addJobsDescribe(jobs: Command, context: Context): void {
  withFormat(withPlace(jobs.command('describe')))
    .description('show a job')
    .argument('<job>', 'job id or full name')
    .action(async (text: string, options: PlaceOptions & { format: Format }) => {
      const { host } = context;
      const { client, place } = connect(host, options);
      const name = parseJob(text, place);
      const job = await client.getJob(name);
      if (options.format === 'table') {
        // Ours: a service of others does not have it.
        const progress = await client.progress(name).catch(() => undefined);
        writeLines(host.out, jobSummary(job, host.out.paint, progress));
      } else await writeResource(host.out, options.format, job);
    });
}
