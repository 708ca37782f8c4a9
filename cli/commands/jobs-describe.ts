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
      const job = await client.getJob(parseJob(text, place));
      if (options.format === 'table') writeLines(host.out, jobSummary(job, host.out.paint));
      else await writeResource(host.out, options.format, job);
    });
}
