import type { Command } from 'commander';
import type { Job } from '../../shared/contract/job.ts';
import type { JobName } from '../../shared/contract/resource-name.ts';
import { BatchClient } from '../api/batch-client.ts';
import { parseJob } from '../api/place.ts';
import { type Context, connect, type PlaceOptions, withPlace } from '../context.ts';
import { exitCodeFor, exitCodes, type JobOutcome } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { writeLines } from '../output/format.ts';
import { timeMs } from '../output/times.ts';
import { type FollowState, startFollowing, withProgress } from '../progress/follow-state.ts';
import { openJobView } from '../progress/job-view.ts';
import { outcomeLine, summaryLines } from '../progress/summary.ts';
import { watchProgress } from '../progress/watch-progress.ts';

/** Long enough for a restart of the service. */
const PATIENCE_MS = 60_000;
const OUTPUT_LINES = 20;

const help = `
Shows the progress of a single job; of several, says how each ended. The exit code is 0 when all SUCCEEDED, 1 when one
FAILED or was deleted, 130 when one was CANCELLED.`;

/** `sluice jobs wait JOB…`: returns when all the jobs have ended. */
export function addJobsWait(jobs: Command, context: Context): void {
  withPlace(jobs.command('wait'))
    .description('wait until jobs end')
    .argument('<jobs...>', 'job ids or full names')
    .addHelpText('after', help)
    .action(async (texts: string[], options: PlaceOptions) => {
      const { client, place } = connect(context.host, options);
      const names = texts.map((text) => parseJob(text, place));
      // What does not exist or cannot be reached is said at once; after that a restart of the service is waited for.
      const started = await Promise.all(names.map(async (name) => startOf(name, await client.getJob(name))));
      const patient = new BatchClient(client.connection.patient(PATIENCE_MS));
      const [only] = started;
      const outcomes =
        only !== undefined && started.length === 1
          ? [await waitWithView(context.host, patient, only)]
          : await Promise.all(started.map((job) => waitSilently(context.host, patient, job)));
      context.exitCode = exitCodeFor(outcomes);
    });
}

interface Waited {
  name: JobName;
  createdAt: number;
}

function startOf(name: JobName, job: { createTime?: string | undefined }): Waited {
  return { name, createdAt: timeMs(job.createTime) ?? 0 };
}

async function waitWithView(
  host: Host,
  client: BatchClient,
  { name, createdAt }: Waited,
): Promise<JobOutcome> {
  const view = openJobView(host, { jobId: name.jobId, createdAt, printOutput: false });
  // Dying of the signal itself would leave the terminal as the view has set it.
  const stopListening = host.onInterrupt(() => {
    view.close();
    writeLines(host.err, [`${name.jobId} goes on; sluice jobs cancel ${name.jobId} stops it.`]);
    host.exitNow(exitCodes.cancelled);
  });
  try {
    const onProgress = view.progress.bind(view);
    const outcome = (await watchProgress({ client, host, job: name, onProgress })) ?? 'DELETED';
    const { err } = host;
    const listCommand = `sluice tasks list --job ${name.jobId} --filter state=FAILED`;
    writeLines(
      err,
      summaryLines(view.close(), outcome, { outputLines: OUTPUT_LINES, listCommand }, err.paint, host.now()),
    );
    return outcome;
  } finally {
    stopListening();
    view.close();
  }
}

async function waitSilently(
  host: Host,
  client: BatchClient,
  { name, createdAt }: Waited,
): Promise<JobOutcome> {
  let state: FollowState = startFollowing(name.jobId, createdAt);
  const onProgress = (progress: FollowState['progress']) => {
    state = withProgress(state, progress, host.now());
  };
  const outcome = (await watchProgress({ client, host, job: name, onProgress })) ?? 'DELETED';
  writeLines(host.err, [outcomeLine(state, outcome, host.err.paint, await endOf(host, client, name))]);
  return outcome;
}

/** When a job ended, which may be long before it was waited for: the time of its last event. */
async function endOf(host: Host, client: BatchClient, name: JobName): Promise<number> {
  const job: Job = await client.getJob(name).catch(() => ({}));
  const times = (job.status?.statusEvents ?? []).map((event) => timeMs(event.eventTime) ?? 0);
  return times.length > 0 ? Math.max(...times) : host.now();
}
