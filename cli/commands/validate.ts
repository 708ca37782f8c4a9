import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Job } from '../../shared/contract/job.ts';
import type { Context } from '../context.ts';
import { blamingFile } from '../failure-report.ts';
import { readJobFile } from '../job-file/read-job-file.ts';
import { writeLines } from '../output/format.ts';
import { count } from '../output/words.ts';

const help = `
Applies the rules that the service applies, and says what the runner of this machine does not do. Each mistake is
printed with its place in the file, what was given and what is allowed. The exit code is 0, or 2 for a wrong file.`;

/** `sluice validate FILE`: checks a job file without a service. */
export function addValidate(program: Command, context: Context): void {
  program
    .command('validate')
    .description('check a job file')
    .argument('<file>', 'job file in YAML or JSON, - for standard input')
    .option('--data <dir>', 'where the service keeps its records, and secrets.json', '.sluice')
    .option('--secrets <file>', 'file with secrets for the job (default: secrets.json in the data directory)')
    .addHelpText('after', help)
    .action(async (path: string, options: { data: string; secrets?: string }) => {
      const { host, local } = context;
      const file = await readJobFile(path, host);
      const secretsFile = resolve(host.directory, options.secrets ?? join(options.data, 'secrets.json'));
      const [{ acceptJob }, { checkCapabilities, capabilityNotes }] = await Promise.all([
        import('../../shared/contract/job-rules.ts'),
        local.loadCapabilities(),
      ]);
      const { job, given } = await blamingFile(file, async () => {
        const accepted = acceptJob(file.job);
        await checkCapabilities(accepted.job, secretsFile);
        return accepted;
      });
      writeLines(
        host.out,
        capabilityNotes(job, given.memoryMib).map((note) => `${file.name}: note: ${note}`),
      );
      writeLines(host.out, [`${file.name} is valid: ${sizeOf(job)}`]);
    });
}

/** `1 task group, 100 tasks`. */
function sizeOf(job: Job): string {
  const groups = job.taskGroups ?? [];
  const tasks = groups.reduce((all, group) => all + Number(group.taskCount ?? 1), 0);
  return `${count(groups.length, 'task group')}, ${count(tasks, 'task')}`;
}
