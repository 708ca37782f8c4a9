import type { Paint, Style } from '../terminal/terminal.ts';
import { pad, textWidth } from '../terminal/text-width.ts';

/** A column of a table over rows of one kind. */
export interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  style?: (text: string) => Style;
  align?: 'left' | 'right';
}

/** Columns between two cells. */
const GAP = '  ';

/**
 * Lines of a table that comes in parts, as pages of a list do: columns are as wide as what was seen so far, so one page aligns in
 * itself and later pages keep the widths or grow them.
 */
export class TableLines<Row> {
  readonly #columns: readonly Column<Row>[];
  readonly #paint: Paint;
  readonly #widths: number[];
  #hasHeader = false;

  constructor(columns: readonly Column<Row>[], paint: Paint) {
    this.#columns = columns;
    this.#paint = paint;
    this.#widths = columns.map((column) => textWidth(column.title));
  }

  /** The lines for some more rows; the titles come before the first ones. */
  add(rows: readonly Row[]): string[] {
    const cells = rows.map((row) => this.#columns.map((column) => column.text(row)));
    for (const row of cells) {
      for (const [i, text] of row.entries())
        this.#widths[i] = Math.max(this.#widths[i] ?? 0, textWidth(text));
    }
    const lines = cells.map((row) => this.#line(row, (i, text) => this.#columns[i]?.style?.(text)));
    if (this.#hasHeader || rows.length === 0) return lines;
    this.#hasHeader = true;
    const titles = this.#columns.map((column) => column.title);
    return [this.#line(titles, () => 'bold'), ...lines];
  }

  #line(texts: readonly string[], styleOf: (index: number, text: string) => Style | undefined): string {
    const cells = texts.map((text, i) => {
      const width = this.#widths[i] ?? 0;
      const isLast = i === texts.length - 1;
      const style = styleOf(i, text);
      const painted = style === undefined || text === '' ? text : this.#paint(style, text);
      const space = pad(text, width).slice(text.length);
      if (this.#columns[i]?.align === 'right') return space + painted;
      return isLast ? painted : painted + space;
    });
    return cells.join(GAP).trimEnd();
  }
}
