import { readFileSync } from 'node:fs';

/** Where the service is. */
export class Endpoint {
  readonly #file: string | undefined;
  #address: string;

  constructor(address: string, file?: string) {
    this.#address = address;
    this.#file = file;
  }

  /** The address to use now, without a slash at its end. */
  get address(): string {
    return this.#address.replace(/\/+$/, '');
  }

  /** Looks whether the service has moved; to be called when it cannot be reached. */
  lookAgain(): void {
    if (this.#file === undefined) return;
    try {
      const text = readFileSync(this.#file, 'utf8').trim();
      if (URL.canParse(text)) this.#address = text;
    } catch {
      // The file is written when the service is up again.
    }
  }
}
