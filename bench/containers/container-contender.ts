/** One way to run the same container job. */
export interface ContainerContender {
  readonly title: string;
  /** What it starts for each task, in a word or two for the table. */
  readonly perTask: string;
  /** Runs the job; returns from submission to end, in milliseconds. All that it started has ended then. */
  measure(work: ContainerWork): Promise<number>;
}

/** Tasks that each run `commands` in `imageUri`, at most `slots` at once. */
export interface ContainerWork {
  readonly tasks: number;
  readonly slots: number;
  readonly imageUri: string;
  readonly commands: readonly string[];
  /** An empty folder of this measurement's own. */
  readonly folder: string;
  readonly signal: AbortSignal;
}
