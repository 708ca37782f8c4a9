import type { LogEntry } from '../api/answers.ts';
import type { Paint } from '../terminal/terminal.ts';

/** `group0/3`, as tasks are named in output. */
export function taskOf(entry: Pick<LogEntry, 'taskGroup' | 'task'>): string {
  return `${entry.taskGroup}/${entry.task}`;
}

/** A line of a task's output with the task in front: `group0/3 | text`. */
export function logLine(entry: LogEntry, paint: Paint): string {
  const text = entry.text.replace(/\r?\n$/, '');
  return `${paint(entry.stream === 'stderr' ? 'yellow' : 'cyan', `${taskOf(entry)} |`)} ${text}`;
}

/** Entries with those of failed tasks first; otherwise the order stays. */
export function failedFirst(entries: readonly LogEntry[], failedTasks: ReadonlySet<string>): LogEntry[] {
  const failed = entries.filter((entry) => failedTasks.has(taskOf(entry)));
  return [...failed, ...entries.filter((entry) => !failedTasks.has(taskOf(entry)))];
}
