import type { Task } from '../../shared/contract/task.ts';
import { printable } from '../terminal/text-width.ts';
import { inTimeOrder } from './event-lines.ts';
import type { Column } from './table.ts';
import { formatTime } from './times.ts';
import { styleOf } from './words.ts';

/** The columns of a list of tasks. */
export const taskColumns: Column<Task>[] = [
  { title: 'TASK', text: (task) => shortTaskName(task.name) },
  { title: 'STATE', text: (task) => task.status?.state ?? '', style: styleOf },
  { title: 'EXIT CODE', text: exitCodeOf, align: 'right' },
  { title: 'SINCE', text: (task) => formatTime(lastEvent(task)?.eventTime) },
  { title: 'LAST EVENT', text: (task) => printable(lastEvent(task)?.description ?? '') },
];

/** `group0/3` of a task's full name. */
export function shortTaskName(name: string | undefined): string {
  const parts = name?.split('/') ?? [];
  return `${parts.at(-3) ?? ''}/${parts.at(-1) ?? ''}`;
}

/** The exit code of the last attempt that ended, where one is known. */
export function exitCodeOf(task: Task): string {
  const last = inTimeOrder(task.status?.statusEvents ?? []).findLast(
    (event) => event.taskExecution !== undefined,
  );
  return last === undefined ? '' : String(last.taskExecution?.exitCode ?? 0);
}

function lastEvent(task: Task) {
  return inTimeOrder(task.status?.statusEvents ?? []).at(-1);
}
