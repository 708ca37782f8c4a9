import type { Command } from 'commander';
import { parseTask } from '../api/place.ts';
import { type Context, connect, type PlaceOptions, withFormat, withPlace } from '../context.ts';
import { eventLines } from '../output/event-lines.ts';
import { type Format, writeLines, writeResource } from '../output/format.ts';
import { exitCodeOf, shortTaskName } from '../output/task-columns.ts';
import { paintState } from '../output/words.ts';

interface TaskDescribeOptions extends PlaceOptions {
  job?: string;
  taskGroup: string;
  format: Format;
}

/** `sluice tasks describe TASK --job JOB`. */
export function addTasksDescribe(tasks: Command, context: Context): void {
  withFormat(withPlace(tasks.command('describe')))
    .description('show a task and what happened to it')
    .argument('<task>', 'JOB/GROUP/TASK, a full name, or TASK or GROUP/TASK with --job')
    .option('--job <job>', 'job id or full name')
    .option('--task-group <group>', 'task group, where TASK is only an index', 'group0')
    .action(async (text: string, options: TaskDescribeOptions) => {
      const { out } = context.host;
      const { client, place } = connect(context.host, options);
      const task = await client.getTask(parseTask(text, place, options.job, options.taskGroup));
      if (options.format !== 'table') return writeResource(out, options.format, task);
      const exitCode = exitCodeOf(task);
      writeLines(out, [
        `${out.paint('bold', shortTaskName(task.name))}  ${paintState(out.paint, task.status?.state ?? '')}`,
        ...(exitCode === '' ? [] : [`exit code ${exitCode}`]),
        ...eventLines(task.status?.statusEvents ?? [], out.paint),
      ]);
    });
}
