import type { LogReader, TailQuery } from '../../shared/ports/log-reader.ts';
import { keepNewest } from '../keep-newest.ts';

const SHOWN_LINES = 10;
const KEPT_TASKS = 500;

/** What has been read of ended tasks, for those who ask every second: it cannot change any more. */
const kept = new WeakMap<LogReader, Map<string, readonly string[]>>();

/** The last ten lines that a task wrote. What is `isSettled` is kept in memory. */
export async function lastLines(
  logs: LogReader,
  task: Omit<TailQuery, 'lines'>,
  isSettled: boolean,
): Promise<readonly string[]> {
  const known = kept.get(logs) ?? new Map<string, readonly string[]>();
  kept.set(logs, known);
  const key = `${task.jobUid}/${task.groupId}/${task.task}`;
  const lines = known.get(key) ?? (await logs.tail({ ...task, lines: SHOWN_LINES })).map(({ text }) => text);
  if (isSettled) known.set(key, lines);
  keepNewest(known, KEPT_TASKS);
  return lines;
}
