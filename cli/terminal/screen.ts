import type { Terminal } from './terminal.ts';

const ESC = '\x1b[';
/** The cursor hidden, and long lines cut instead of wrapped: a wrapped line would break the count of lines to go up. */
const ENTER = `${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?25h${ESC}?7h`;
const CLEAR_TO_LINE_END = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;
/** Terminals that know it show what is between the two at once; the others ignore it. */
const SYNC_START = `${ESC}?2026h`;
const SYNC_END = `${ESC}?2026l`;

/** A block of lines at the bottom of a terminal that is drawn again in place. */
export class Screen {
  readonly #terminal: Terminal;
  #drawn = 0;
  #entered = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Replaces the block; the caller keeps it below the terminal's height. */
  show(lines: readonly string[]): void {
    const enter = this.#entered ? '' : ENTER;
    this.#entered = true;
    const body = lines.map((line) => `${line}${CLEAR_TO_LINE_END}\n`).join('');
    this.#terminal.write(`${enter}${SYNC_START}${this.#goUp()}${body}${CLEAR_BELOW}${SYNC_END}`);
    this.#drawn = lines.length;
  }

  /** Takes the block away, so that other text can be written where it was. */
  erase(): void {
    if (this.#drawn > 0) this.#terminal.write(`${this.#goUp()}${CLEAR_BELOW}`);
    this.#drawn = 0;
  }

  /** Gives the terminal back as it was found: the cursor visible, lines wrapping. Harmless when called again. */
  restore(): void {
    if (this.#entered) this.#terminal.write(LEAVE);
    this.#entered = false;
  }

  #goUp(): string {
    return this.#drawn > 0 ? `\r${ESC}${this.#drawn}A` : '';
  }
}
