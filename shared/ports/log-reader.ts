/** One line that a task wrote. */
export interface LogEntry {
  /** RFC 3339. */
  readonly time: string;
  readonly taskGroup: string;
  readonly task: number;
  readonly attempt: number;
  readonly runnable: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface LogQuery {
  readonly jobUid: string;
  readonly groupId?: string;
  readonly task?: number;
  readonly limit: number;
  /** Where an earlier page ended; may be used again later for what has come since. */
  readonly cursor?: string;
}

export interface LogPage {
  readonly entries: LogEntry[];
  readonly cursor: string;
}

/** One task, and how many of its last lines are wanted. */
export interface TailQuery {
  readonly jobUid: string;
  readonly groupId: string;
  readonly task: number;
  readonly lines: number;
}

/** Reads the log store. Lines of one task come in the order in which it wrote them. */
export interface LogReader {
  /** How long after it was written a line can be read at the latest, in milliseconds. */
  readonly delayMs: number;
  read(query: LogQuery): Promise<LogPage>;
  /**
   * The last lines that a task wrote, the oldest of them first. They are looked for from the end; fewer come where others
   * wrote very much after them.
   */
  tail(query: TailQuery): Promise<LogEntry[]>;
  /** Forgets all lines of a job. */
  remove(jobUid: string): Promise<void>;
}
