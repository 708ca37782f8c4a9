import { styleText } from 'node:util';

/** A colour or weight that `styleText` knows. */
export type Style = Parameters<typeof styleText>[0];

/** Puts text in a colour, or leaves it as it is where no colour is wanted. */
export type Paint = (style: Style, text: string) => string;

/** A stream that people read: standard output or standard error. */
export interface Terminal {
  /** Whether it is a terminal; a pipe or a file otherwise. */
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  write(text: string): void;
}

/** Leaves every text as it is. */
export const plainPaint: Paint = (_style, text) => text;

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** The terminal behind one of the process's streams; its size is read anew each time, for people resize windows. */
export function streamTerminal(stream: NodeJS.WriteStream): Terminal {
  return {
    get isTerminal() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns || DEFAULT_COLUMNS;
    },
    get rows() {
      return stream.rows || DEFAULT_ROWS;
    },
    // styleText knows NO_COLOR, FORCE_COLOR and whether the stream is a terminal.
    paint: (style, text) => styleText(style, text, { stream }),
    write: (text) => void stream.write(text),
  };
}
