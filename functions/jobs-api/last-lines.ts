import type { LogQuery, LogReader } from '../../shared/ports/log-reader.ts';

const SHOWN_LINES = 10;
const LINES_A_READ = 1000;
const MAX_READS = 20;
const KEPT_TASKS = 500;

/** What has been read of ended tasks, for those who ask every second: it cannot change any more. */
const kept = new WeakMap<LogReader, Map<string, readonly string[]>>();

/**
 * The last ten lines that a task wrote, or none when it wrote more than 20,000. Logs can only be read from their beginning,
 * so what is `isSettled` is kept in memory.
 */
export async function lastLines(
  logs: LogReader,
  task: Pick<LogQuery, 'jobUid' | 'groupId' | 'task'>,
  isSettled: boolean,
): Promise<readonly string[]> {
  const known = kept.get(logs) ?? new Map<string, readonly string[]>();
  kept.set(logs, known);
  const key = `${task.jobUid}/${task.groupId}/${task.task}`;
  const lines = known.get(key) ?? (await readLines(logs, task));
  if (isSettled) known.set(key, lines);
  for (const oldest of known.keys()) {
    if (known.size <= KEPT_TASKS) break;
    known.delete(oldest);
  }
  return lines;
}

async function readLines(
  logs: LogReader,
  task: Pick<LogQuery, 'jobUid' | 'groupId' | 'task'>,
): Promise<readonly string[]> {
  let lines: string[] = [];
  let place: { cursor?: string } = {};
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    const { entries, cursor } = await logs.read({ ...task, ...place, limit: LINES_A_READ });
    lines = [...lines, ...entries.map(({ text }) => text)].slice(-SHOWN_LINES);
    if (entries.length < LINES_A_READ) return lines;
    place = { cursor };
  }
  return [];
}
