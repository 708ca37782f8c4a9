/** Where a line of output came from. */
export interface OutputSource {
  /** `task/{jobUid}-{group}-{index}/{attempt}/0`. */
  taskId: string;
  index: number;
  attempt: number;
  /** Index of the runnable, 0-based. */
  runnable: number;
}

export type OutputStream = 'stdout' | 'stderr';

/** One line of a runnable's output. */
export interface OutputLine {
  source: OutputSource;
  stream: OutputStream;
  text: string;
  /** When it was read: milliseconds since 1970. */
  time: number;
}

/** Where lines go. What was written is safe once `flush` has returned. */
export interface OutputSink {
  write(line: OutputLine): void;
  flush(): void;
  /** Nothing is written after it. */
  close(): void;
}
