import type { LogEntry, Progress } from '../api/answers.ts';
import type { Host } from '../host.ts';
import { writeLines } from '../output/format.ts';
import { type FollowState, startFollowing, withProgress } from './follow-state.ts';
import type { JobView, JobViewOptions } from './job-view.ts';
import { logLine } from './log-lines.ts';
import { nothingSaid, plainLines } from './plain-lines.ts';

/** Writes the job's progress to standard error as plain lines, and tasks' output to standard output when wanted. */
export class PlainJobView implements JobView {
  readonly #host: Host;
  readonly #printOutput: boolean;
  #state: FollowState;
  #said = nothingSaid;

  constructor(host: Host, options: JobViewOptions) {
    this.#host = host;
    this.#printOutput = options.printOutput;
    this.#state = startFollowing(options.jobId, options.createdAt);
  }

  progress(progress: Progress): void {
    const now = this.#host.now();
    this.#state = withProgress(this.#state, progress, now);
    const { said, lines } = plainLines(this.#said, this.#state, now);
    this.#said = said;
    writeLines(this.#host.err, lines);
  }

  output(entries: readonly LogEntry[]): void {
    if (!this.#printOutput) return;
    const { out } = this.#host;
    writeLines(
      out,
      entries.map((entry) => logLine(entry, out.paint)),
    );
  }

  note(text: string): void {
    writeLines(this.#host.err, [text]);
  }

  close(): FollowState {
    return this.#state;
  }
}
