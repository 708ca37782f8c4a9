import type { Violation } from '../../shared/contract/error.ts';

/** A place in a text file, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A job file that was read: what it says, and where it says it. */
export interface JobFile {
  /** As the user named it; `stdin` for `-`. */
  readonly name: string;
  /** The job, not checked yet. */
  readonly job: unknown;
  /** Where in the file a field stands, or the innermost part of it that is there. */
  locate(violation: Violation): Position | undefined;
}

/** The file is no YAML or JSON, or holds no job at all. */
export class JobFileError extends Error {
  override readonly name = 'JobFileError';
  readonly file: string;
  readonly position: Position | undefined;

  constructor(file: string, message: string, position?: Position) {
    super(message);
    this.file = file;
    this.position = position;
  }
}

/** `job.yaml:12:7`, or only the name where no place is known. */
export function placeInFile(file: string, position: Position | undefined): string {
  return position === undefined ? file : `${file}:${position.line}:${position.column}`;
}
