import { customEventText } from './custom-event-line.ts';
import { LineSplitter, type SecretMask } from './line-splitter.ts';
import type { OutputSink, OutputSource, OutputStream } from './output-line.ts';
import type { OutputTaker } from './output-pipe.ts';

/** The output of one run of a runnable, on its way from bytes to lines in the logs. */
export class RunnableOutput implements OutputTaker {
  readonly #source: OutputSource;
  readonly #sink: OutputSink;
  readonly #onCustomEvent: (text: string) => void;
  readonly #stdout: LineSplitter;
  readonly #stderr: LineSplitter;

  constructor(setting: {
    source: OutputSource;
    sink: OutputSink;
    mask: SecretMask | undefined;
    onCustomEvent: (text: string) => void;
  }) {
    this.#source = setting.source;
    this.#sink = setting.sink;
    this.#onCustomEvent = setting.onCustomEvent;
    this.#stdout = new LineSplitter((line) => this.#takeStdout(line), setting.mask);
    this.#stderr = new LineSplitter((line) => this.#write('stderr', line), setting.mask);
  }

  stdout(bytes: Buffer): void {
    this.#stdout.push(bytes);
  }

  stderr(bytes: Buffer): void {
    this.#stderr.push(bytes);
  }

  /** Gives out last lines without a newline. */
  end(): void {
    this.#stdout.flush();
    this.#stderr.flush();
  }

  #takeStdout(line: string): void {
    this.#write('stdout', line);
    const event = customEventText(line);
    if (event !== undefined) this.#onCustomEvent(event);
  }

  #write(stream: OutputStream, text: string): void {
    this.#sink.write({ source: this.#source, stream, text, time: Date.now() });
  }
}
