import type { Command } from 'commander';
import { parseJobName } from '../../shared/contract/resource-name.ts';
import { type Context, connect, type PlaceOptions, withFormat, withPlace } from '../context.ts';
import { blamingFile } from '../failure-report.ts';
import { readJobFile } from '../job-file/read-job-file.ts';
import { type Format, writeResource } from '../output/format.ts';
import { UsageError } from '../usage-error.ts';

interface SubmitOptions extends PlaceOptions {
  config: string;
  jobPrefix?: string;
  after?: Record<string, string>;
  format: Format;
}

/** `sluice jobs submit`: creates a job and does not wait for it. */
export function addJobsSubmit(jobs: Command, context: Context): void {
  withFormat(withPlace(jobs.command('submit')))
    .description('create a job from a file; prints its full name')
    .argument('[job-id]', 'id of the job (default: made up by the service)')
    .requiredOption('--config <file>', 'job file in YAML or JSON, - for standard input')
    .option('--job-prefix <prefix>', 'make up an id from this and the time')
    .option(
      '--after <job:state>',
      'wait for another job to be SUCCEEDED, FAILED or FINISHED; up to four times',
      addDependency,
    )
    .action(async (jobId: string | undefined, options: SubmitOptions) => {
      await submit(context, jobId, options);
    });
}

async function submit({ host }: Context, jobId: string | undefined, options: SubmitOptions): Promise<void> {
  if (jobId !== undefined && options.jobPrefix !== undefined) {
    throw new UsageError('give either a job id or --job-prefix, not both');
  }
  const { client, place } = connect(host, options);
  const file = await readJobFile(options.config, host);
  const id = options.jobPrefix === undefined ? jobId : prefixedId(options.jobPrefix, host.now());
  const wish = withDependencies(file.job, options.after);
  const job = await blamingFile(file, () => client.createJob(place, wish, id));
  host.err.write(`Job ${job.uid} was successfully submitted.\n`);
  if (options.format !== 'table') return writeResource(host.out, options.format, job);
  host.out.write(`${job.name}\n`);
  if (host.out.isTerminal) {
    const short = parseJobName(job.name ?? '').jobId;
    host.err.write(`Follow it with: sluice jobs wait ${short}, or sluice logs -f ${short}\n`);
  }
}

/** Reads `JOB:STATE` and adds it to those given before; the state is SUCCEEDED when it is left out. */
export function addDependency(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, job, state = 'SUCCEEDED'] = /^([^:]+)(?::(SUCCEEDED|FAILED|FINISHED))?$/.exec(text) ?? [];
  if (job === undefined) {
    throw new UsageError(`--after must be JOB:SUCCEEDED, JOB:FAILED or JOB:FINISHED; given ${text}`);
  }
  return { ...before, [job]: state };
}

/** The job with further dependencies beside those of its file. */
export function withDependencies(job: unknown, after: Record<string, string> | undefined): unknown {
  if (after === undefined || typeof job !== 'object' || job === null) return job;
  const [first] = (job as { dependencies?: { items?: object }[] }).dependencies ?? [];
  return { ...job, dependencies: [{ items: { ...first?.items, ...after } }] };
}

/** An id as gcloud makes it of a prefix: `prefix-20261122-140000`, in UTC. */
export function prefixedId(prefix: string, now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  return `${prefix}-${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}
