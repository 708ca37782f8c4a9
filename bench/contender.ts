/** One way to run many small tasks on one machine. */
export interface Contender {
  /** What `--only` calls it. */
  readonly id: string;
  readonly title: string;
  /** Measured at every size, however long that takes: what the targets are about. */
  readonly always?: true;
  /** Finds or installs it. Throws NotMeasured when it cannot be had. */
  prepare(): Promise<Prepared>;
}

export interface Prepared {
  readonly version: string;
  /** Runs one job. Everything that it starts has ended when it returns or throws. */
  measure(work: Workload): Promise<Measurement>;
}

/** One job: the same script, run `tasks` times, at most `slots` at once. */
export interface Workload {
  readonly tasks: number;
  readonly slots: number;
  /** A script without `#!` line that does nothing. */
  readonly script: string;
  /** The numbers of the tasks, one a line. */
  readonly indexFile: string;
  /** An empty folder of this measurement's own. */
  readonly folder: string;
  /** Aborted when the measurement takes too long or the benchmark is interrupted. */
  readonly signal: AbortSignal;
}

export interface Measurement {
  /** From the submission to the start of the first task; undefined when that cannot be seen. */
  readonly toFirstTaskMs: number | undefined;
  readonly toEndMs: number;
  /** Most bytes resident at one moment, of all processes of the contender, its tasks not counted. */
  readonly peakMemory: number;
  /** The sum of each process's own peak, as the kernel has it: never less than `peakMemory`. */
  readonly highWaterMemory: number;
  /** What else was seen, for the JSON file. */
  readonly more?: Readonly<Record<string, number>>;
}

/** A contender or a size that has no figures. The message is the reason, shown in the table. */
export class NotMeasured extends Error {
  override readonly name = 'NotMeasured';
}
