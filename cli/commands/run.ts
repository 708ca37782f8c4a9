import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Job } from '../../shared/contract/job.ts';
import { parseJobName } from '../../shared/contract/resource-name.ts';
import { BatchClient } from '../api/batch-client.ts';
import { Connection } from '../api/connection.ts';
import { type Context, placeOf, positive, withProject } from '../context.ts';
import { exitCodeFor, exitCodes } from '../exit-codes.ts';
import { blamingFile } from '../failure-report.ts';
import type { Host } from '../host.ts';
import type { JobFile } from '../job-file/job-file.ts';
import { readJobFile } from '../job-file/read-job-file.ts';
import { timeMs } from '../output/times.ts';
import { canDrawLive, openJobView } from '../progress/job-view.ts';
import { startEmbedded } from '../run/embedded-service.ts';
import { followJob } from '../run/follow-job.ts';
import { printEnd } from '../run/print-end.ts';
import { RunControl } from '../run/run-control.ts';

interface RunOptions {
  data: string;
  jobId?: string;
  logs?: boolean;
  quiet?: boolean;
  maxNodes?: number;
  secrets?: string;
  workDir?: string;
  verbose?: boolean;
  project: string;
  location: string;
}

const help = `
The service runs inside this command and keeps its records in the data directory.
The exit code is the job's: 0 SUCCEEDED, 1 FAILED, 130 CANCELLED; 2 for a wrong file, 3 when the service fails.
Ctrl-C cancels the job and waits for its end; a second Ctrl-C kills its nodes at once.`;

/** `sluice run FILE`: runs one job on this machine, from start to end. */
export function addRun(program: Command, context: Context): void {
  withProject(program.command('run'))
    .description('run a job on this machine and wait for it')
    .argument('<file>', 'job file in YAML or JSON, - for standard input')
    .option('--data <dir>', 'where the service keeps its records', '.sluice')
    .option('--job-id <id>', 'id of the job (default: made up)')
    .option('--logs', "print the tasks' output as it comes, above the live view")
    .option('-q, --quiet', "do not print the tasks' output")
    .option('--max-nodes <count>', 'start at most so many nodes', positive)
    .option('--secrets <file>', 'file with secrets for the job (default: secrets.json in the data directory)')
    .option('--work-dir <dir>', 'directory that tasks start in (default: the current one)')
    .option('-v, --verbose', "print the service's own log")
    .addHelpText('after', help)
    .action(async (file: string, options: RunOptions) => {
      context.exitCode = await run(context, await readJobFile(file, context.host), options);
    });
}

async function run(context: Context, file: JobFile, options: RunOptions): Promise<number> {
  const { host } = context;
  const control = new RunControl(host);
  // A reader of the output that has seen enough does not end the job.
  const stopWatchingOutput = host.onOutputClosed(() => undefined);
  try {
    const service = await startEmbedded(context.local.loadService, {
      port: 0,
      dataDir: resolve(host.directory, options.data),
      agents: 'local',
      workDir: resolve(host.directory, options.workDir ?? '.'),
      log: (line) => options.verbose && host.err.write(`${line}\n`),
      ...(options.maxNodes === undefined ? {} : { maxNodes: options.maxNodes }),
      ...(options.secrets === undefined ? {} : { secretsFile: resolve(host.directory, options.secrets) }),
    });
    control.happened('serviceReady');
    try {
      const client = new BatchClient(new Connection({ endpoint: service.endpoint, host }));
      const job = await blamingFile(file, () => client.createJob(placeOf(options), file.job, options.jobId));
      return await runToEnd({ host, client, control, job, options });
    } finally {
      await service.close({ stopNodes: control.stopped.aborted });
    }
  } finally {
    stopWatchingOutput();
    control.release();
  }
}

interface SubmittedRun {
  host: Host;
  client: BatchClient;
  control: RunControl;
  job: Job;
  options: RunOptions;
}

async function runToEnd({ host, client, control, job, options }: SubmittedRun): Promise<number> {
  const name = parseJobName(job.name ?? '');
  const streams = options.logs === true || !canDrawLive(host) || !host.out.isTerminal;
  const output = options.quiet ? 'none' : streams ? 'stream' : 'sample';
  const createdAt = timeMs(job.createTime) ?? host.now();
  const view = openJobView(host, { jobId: name.jobId, createdAt, printOutput: output === 'stream' });
  control.actions = {
    say: (text) => view.note(text),
    cancel: () => void client.cancelJob(name).catch((error: unknown) => view.note(`Cannot cancel: ${error}`)),
  };
  control.happened('submitted');
  try {
    const followed = await followJob({ client, host, job: name, view, output, signal: control.stopped });
    control.happened('jobEnded');
    const state = view.close();
    if (followed.outcome === undefined) {
      host.err.write(`${name.jobId} was stopped at once; its nodes are killed.\n`);
      return exitCodes.cancelled;
    }
    printEnd(host, {
      state,
      outcome: followed.outcome,
      lines: followed.lines,
      streamed: output === 'stream',
      dataDir: options.data,
    });
    return exitCodeFor([followed.outcome]);
  } finally {
    view.close();
  }
}
