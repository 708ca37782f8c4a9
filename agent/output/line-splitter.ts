/** The longest piece of a line that is kept whole. */
export const MAX_LINE = 64 * 1024;
const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines. Over-long lines come in pieces; nothing is cut inside a character or a secret. */
export class LineSplitter {
  #rest: Buffer = Buffer.alloc(0);
  readonly #emit: (line: string) => void;
  readonly #mask: SecretMask | undefined;

  /** `mask` hides secrets in every line before `emit` sees it. */
  constructor(emit: (line: string) => void, mask?: SecretMask) {
    this.#emit = emit;
    this.#mask = mask;
  }

  /** Takes bytes as they came. The buffer is not kept. */
  push(bytes: Buffer): void {
    const end = bytes.lastIndexOf(NEWLINE);
    if (end === -1) {
      this.#rest = Buffer.concat([this.#rest, bytes]);
    } else {
      const whole = bytes.subarray(0, end);
      const text = (this.#rest.length === 0 ? whole : Buffer.concat([this.#rest, whole])).toString('utf8');
      this.#rest = Buffer.from(bytes.subarray(end + 1));
      for (const line of text.split('\n')) this.#emitLine(line);
    }
    this.#cutOverlong();
  }

  /** Gives out a last line without newline. */
  flush(): void {
    if (this.#rest.length === 0) return;
    const text = this.#rest.toString('utf8');
    this.#rest = Buffer.alloc(0);
    this.#emitLine(text);
  }

  #emitLine(line: string): void {
    const ended = line.endsWith('\r') ? line.slice(0, -1) : line;
    const text = this.#mask === undefined ? ended : this.#mask.hide(ended);
    let at = 0;
    do {
      const end = cutBefore(text, at + MAX_LINE);
      this.#emit(text.slice(at, end));
      at = end;
    } while (at < text.length);
  }

  #cutOverlong(): void {
    const kept = this.#mask?.longest ?? 0;
    if (this.#rest.length < MAX_LINE + kept * 4) return;
    const whole = wholeCharacters(this.#rest);
    const decoded = this.#rest.toString('utf8', 0, whole);
    let text = this.#mask === undefined ? decoded : this.#mask.hide(decoded);
    // What could be the beginning of a secret stays for the next time.
    while (text.length - kept >= MAX_LINE) {
      const end = cutBefore(text, MAX_LINE);
      this.#emit(text.slice(0, end));
      text = text.slice(end);
    }
    this.#rest = Buffer.concat([Buffer.from(text), this.#rest.subarray(whole)]);
  }
}

/** Replaces exact secret values in text; each line of a secret of several lines counts as one. */
export class SecretMask {
  /** Length of the longest value. */
  readonly longest: number;
  readonly #values: readonly string[];

  constructor(secrets: Iterable<string>) {
    const lines = [...secrets].flatMap((secret) => secret.split(/\r?\n/));
    // Shorter values would hide half of any text.
    this.#values = [...new Set(lines)]
      .filter((value) => value.length >= 4)
      .sort((one, other) => other.length - one.length);
    this.longest = this.#values[0]?.length ?? 0;
  }

  hide(text: string): string {
    let hidden = text;
    for (const value of this.#values) {
      if (hidden.includes(value)) hidden = hidden.replaceAll(value, '***');
    }
    return hidden;
  }
}

/** The end nearest below `end` that does not cut a surrogate pair. */
function cutBefore(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const unit = text.charCodeAt(end - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end;
}

/** Length of the longest prefix that does not end inside a UTF-8 character. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
