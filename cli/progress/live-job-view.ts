import type { LogEntry, Progress } from '../api/answers.ts';
import type { Host } from '../host.ts';
import { Screen } from '../terminal/screen.ts';
import { plainPaint } from '../terminal/terminal.ts';
import { type FollowState, startFollowing, withOutput, withProgress } from './follow-state.ts';
import type { JobView, JobViewOptions } from './job-view.ts';
import { renderLive } from './live-view.ts';
import { logLine } from './log-lines.ts';

/** Ten times a second is as often as people see a difference. */
const REDRAW_MS = 100;

/** Draws the job's progress in place on standard error. */
export class LiveJobView implements JobView {
  readonly #host: Host;
  readonly #screen: Screen;
  readonly #printOutput: boolean;
  readonly #removeExitListener: () => void;
  #state: FollowState;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: Host, options: JobViewOptions) {
    this.#host = host;
    this.#screen = new Screen(host.err);
    this.#printOutput = options.printOutput;
    this.#state = startFollowing(options.jobId, options.createdAt);
    this.#removeExitListener = host.onExit(() => this.#screen.restore());
    this.#draw();
  }

  progress(progress: Progress): void {
    this.#state = withProgress(this.#state, progress, this.#host.now());
    this.#drawSoon();
  }

  output(entries: readonly LogEntry[]): void {
    if (this.#printOutput) {
      this.#writeAbove(entries);
      return;
    }
    this.#state = withOutput(
      this.#state,
      entries.slice(-20).map((entry) => logLine(entry, plainPaint)),
    );
    this.#drawSoon();
  }

  note(text: string): void {
    this.#state = { ...this.#state, note: text };
    this.#draw();
  }

  close(): FollowState {
    clearTimeout(this.#timer);
    this.#screen.erase();
    this.#screen.restore();
    this.#removeExitListener();
    return this.#state;
  }

  /** Output goes above the view when both share the terminal. */
  #writeAbove(entries: readonly LogEntry[]): void {
    const { out } = this.#host;
    const text = entries.map((entry) => `${logLine(entry, out.paint)}\n`).join('');
    if (out.isTerminal) this.#screen.erase();
    out.write(text);
    if (out.isTerminal) this.#draw();
  }

  #drawSoon(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#drawnAt + REDRAW_MS - this.#host.now());
    this.#timer = setTimeout(() => this.#draw(), wait);
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { err } = this.#host;
    this.#drawnAt = this.#host.now();
    this.#screen.show(
      renderLive(this.#state, { columns: err.columns, rows: err.rows }, err.paint, this.#drawnAt),
    );
  }
}
