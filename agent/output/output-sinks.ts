import type { OutputLine, OutputSink } from './output-line.ts';

const FLUSH_AFTER_MS = 100;

/** Several sinks as one, flushed at least every 100 ms. A sink that fails loses its lines and stops nothing. */
export class OutputSinks implements OutputSink {
  readonly #sinks: OutputSink[] = [];
  readonly #onProblem: (problem: Error) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(onProblem: (problem: Error) => void) {
    this.#onProblem = onProblem;
  }

  add(make: () => OutputSink): void {
    this.#try(() => this.#sinks.push(make()));
  }

  write(line: OutputLine): void {
    for (const sink of this.#sinks) this.#try(() => sink.write(line));
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const sink of this.#sinks) this.#try(() => sink.flush());
  }

  /** Flushes what is there and closes the files. */
  close(): void {
    this.flush();
    for (const sink of this.#sinks.splice(0)) this.#try(() => sink.close());
  }

  #try(act: () => void): void {
    try {
      act();
    } catch (problem) {
      this.#onProblem(problem as Error);
    }
  }
}
