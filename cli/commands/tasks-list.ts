import type { Command } from 'commander';
import type { Task } from '../../shared/contract/task.ts';
import { parseTarget } from '../api/place.ts';
import { type Context, connect, type PlaceOptions, withFormat, withList, withPlace } from '../context.ts';
import type { Format } from '../output/format.ts';
import { printList } from '../output/print-list.ts';
import { taskColumns } from '../output/task-columns.ts';
import { UsageError } from '../usage-error.ts';

interface TasksListOptions extends PlaceOptions {
  job: string;
  taskGroup?: string;
  group?: string;
  filter?: string;
  limit?: number;
  pageSize?: number;
  format: Format;
}

/** `sluice tasks list --job JOB`. */
export function addTasksList(tasks: Command, context: Context): void {
  withFormat(withList(withPlace(tasks.command('list'))))
    .description('list the tasks of a job, such as --filter state=FAILED')
    .requiredOption('--job <job>', 'job id or full name; JOB/GROUP names the group too')
    .option('--task-group <group>', 'task group (default: group0)')
    .option('--group <group>', 'the same, shorter')
    .action(async (options: TasksListOptions) => {
      const { client, place } = connect(context.host, options);
      const target = parseTarget(options.job, place);
      if (target.kind === 'task')
        throw new UsageError(`'${options.job}' names a task; give a job or a group`);
      const groupId =
        target.kind === 'group' ? target.groupId : (options.group ?? options.taskGroup ?? 'group0');
      const { filter, limit, format } = options;
      const pageSize = options.pageSize ?? limit;
      await printList<Task>(
        context.host,
        client.listTasks({ ...target.job, groupId }, { filter, pageSize }),
        {
          format,
          limit,
          columns: taskColumns,
        },
      );
    });
}
