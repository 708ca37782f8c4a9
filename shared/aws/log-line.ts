import type { NodeStream } from '../core/node-stream.ts';
import type { LogEntry } from '../ports/log-reader.ts';

/** An agent's line, as it is in a stream: what `agent/output/local-log.ts` writes. */
interface StoredLine {
  readonly t: string;
  readonly task: number;
  readonly attempt: number;
  readonly runnable: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** The line that a message holds; undefined for what the node's own programs say, which is for operators. */
export function readLogLine(message: string, { groupId }: NodeStream): LogEntry | undefined {
  if (!message.startsWith('{"t":"')) return undefined;
  try {
    const { t, task, attempt, runnable, stream, text } = JSON.parse(message) as StoredLine;
    return { time: t, taskGroup: groupId, task, attempt, runnable, stream, text };
  } catch {
    // Half a line of a node that was killed.
    return undefined;
  }
}
