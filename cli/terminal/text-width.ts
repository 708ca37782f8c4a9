import { stripVTControlCharacters } from 'node:util';

/** Code points that take two columns: CJK, Hangul, full-width forms and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mark}|\p{Default_Ignorable_Code_Point}/u;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Columns that a text without control characters takes on a terminal. */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  if (COMBINING.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** Cuts a text to at most `width` columns, with `…` where something is missing. */
export function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let columns = 1;
  for (const char of text) {
    columns += charWidth(char);
    if (columns > width) break;
    kept += char;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** Pads a text with spaces to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** A line of a program's output made safe to show inside a view: no escape sequences, no control characters. */
export function printable(text: string): string {
  const bare = stripVTControlCharacters(text).replaceAll('\t', '  ');
  return bare.replace(/\p{Cc}/gu, '');
}
