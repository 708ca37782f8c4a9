import type { NodeStream } from '../core/node-stream.ts';
import { readLogLine } from '../ports/log-line.ts';
import type { LogEntry } from '../ports/log-reader.ts';

/** The line that a message holds; undefined for what the node's own programs say, which is for operators. */
export function readMessage(message: string, { groupId }: NodeStream): LogEntry | undefined {
  if (!message.startsWith('{"t":"')) return undefined;
  try {
    return readLogLine(message, groupId);
  } catch {
    // Half a line of a node that was killed.
    return undefined;
  }
}
