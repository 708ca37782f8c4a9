import { Command } from 'commander';
import { addEvents } from './commands/events.ts';
import { addJobsCancel } from './commands/jobs-cancel.ts';
import { addJobsDelete } from './commands/jobs-delete.ts';
import { addJobsDescribe } from './commands/jobs-describe.ts';
import { addJobsList } from './commands/jobs-list.ts';
import { addJobsSubmit } from './commands/jobs-submit.ts';
import { addJobsWait } from './commands/jobs-wait.ts';
import { addLogs } from './commands/logs.ts';
import { addRun } from './commands/run.ts';
import { addServe } from './commands/serve.ts';
import { addTasksDescribe } from './commands/tasks-describe.ts';
import { addTasksList } from './commands/tasks-list.ts';
import { addValidate } from './commands/validate.ts';
import type { Context } from './context.ts';
import { versionText } from './version.ts';

const groups = { here: 'On this machine:', service: 'Of a service:' };

/** The command line's grammar: every command with its options. Registers only; what a command does is in its own file. */
export function createProgram(context: Context): Command {
  const { out, err } = context.host;
  const program = new Command('sluice')
    .description('Runs batch jobs: on this machine, or through any service that speaks the Batch API.')
    .version(versionText, '-V, --version', 'print the version')
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text.replace(/^error: /, 'sluice: ')),
      getOutHelpWidth: () => out.columns,
      getErrHelpWidth: () => err.columns,
    })
    .exitOverride();

  program.commandsGroup(groups.here);
  addRun(program, context);
  addServe(program, context);
  addValidate(program, context);

  program.commandsGroup(groups.service);
  const jobs = program.command('jobs').description('submit, list, describe, wait, cancel, delete');
  addJobsSubmit(jobs, context);
  addJobsList(jobs, context);
  addJobsDescribe(jobs, context);
  addJobsWait(jobs, context);
  addJobsCancel(jobs, context);
  addJobsDelete(jobs, context);
  const tasks = program.command('tasks').description('list, describe');
  addTasksList(tasks, context);
  addTasksDescribe(tasks, context);
  addLogs(program, context);
  addEvents(program, context);
  return program;
}
