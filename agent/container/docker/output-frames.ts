import type { OutputTaker } from '../../output/output-pipe.ts';

const HEADER = 8;
const STDERR = 2;

/**
 * Takes the stream of `attach` apart: frames of standard output and standard error, each behind a header that says which
 * and how long (https://docs.docker.com/reference/api/engine/version/v1.41/#operation/ContainerAttach).
 */
export class OutputFrames {
  readonly #taker: OutputTaker;
  #header = Buffer.alloc(0);
  #left = 0;
  #isError = false;

  constructor(taker: OutputTaker) {
    this.#taker = taker;
  }

  /** Takes bytes as they came. The buffer is not kept. */
  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      at += this.#left > 0 ? this.#pushContent(bytes.subarray(at)) : this.#pushHeader(bytes.subarray(at));
    }
  }

  #pushHeader(bytes: Buffer): number {
    const taken = Math.min(HEADER - this.#header.length, bytes.length);
    this.#header = Buffer.concat([this.#header, bytes.subarray(0, taken)]);
    if (this.#header.length === HEADER) {
      this.#isError = this.#header[0] === STDERR;
      this.#left = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return taken;
  }

  #pushContent(bytes: Buffer): number {
    const content = bytes.subarray(0, this.#left);
    this.#left -= content.length;
    if (this.#isError) this.#taker.stderr(content);
    else this.#taker.stdout(content);
    return content.length;
  }
}
