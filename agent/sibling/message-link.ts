import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/** Longer than any message: an environment is bounded by what a job file may hold. */
const MAX_LINE = 8 * 1024 * 1024;

/** One JSON value a line in both directions. A line that is none, or has no end, closes the link. */
export class MessageLink<In, Out> {
  readonly #socket: Socket;
  readonly #onMessage: (message: In) => void;
  readonly #decoder = new StringDecoder('utf8');
  #heard = '';

  /** `onClose` is called once, whoever closed it. */
  constructor(socket: Socket, onMessage: (message: In) => void, onClose: () => void) {
    this.#socket = socket;
    this.#onMessage = onMessage;
    socket.on('data', (bytes: Buffer) => this.#take(this.#decoder.write(bytes)));
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
    socket.once('close', onClose);
  }

  send(message: Out): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#heard += text;
    for (let end = this.#heard.indexOf('\n'); end !== -1; end = this.#heard.indexOf('\n')) {
      const line = this.#heard.slice(0, end);
      this.#heard = this.#heard.slice(end + 1);
      let message: In;
      try {
        message = JSON.parse(line) as In;
      } catch {
        this.close();
        return;
      }
      this.#onMessage(message);
    }
    if (this.#heard.length > MAX_LINE) this.close();
  }
}
