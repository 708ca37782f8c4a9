import type { LogEntry } from './log-reader.ts';

/** A line of output as agents write it: one line of JSON, its fields in this order, for readers look at its beginning. */
export interface LogLine {
  /** RFC 3339 with milliseconds. */
  readonly t: string;
  readonly task: number;
  readonly attempt: number;
  readonly runnable: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** The entry that a line of a node of `taskGroup` holds. Throws where the line is no JSON. */
export function readLogLine(line: string, taskGroup: string): LogEntry {
  const { t, task, attempt, runnable, stream, text } = JSON.parse(line) as LogLine;
  return { time: t, taskGroup, task, attempt, runnable, stream, text };
}
