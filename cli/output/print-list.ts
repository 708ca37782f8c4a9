import type { Host } from '../host.ts';
import { type Format, ItemWriter, writeLines } from './format.ts';
import { type Column, TableLines } from './table.ts';

/** What a list command prints, and how. */
export interface ListOutput<Item> {
  format: Format;
  columns: readonly Column<Item>[];
  /** At most so many items. */
  limit?: number | undefined;
}

/** Prints a list page by page as it comes, so that long lists start at once and are never held whole. */
export async function printList<Item>(
  host: Host,
  pages: AsyncIterable<Item[]>,
  { format, columns, limit = Number.POSITIVE_INFINITY }: ListOutput<Item>,
): Promise<void> {
  const table = new TableLines(columns, host.out.paint);
  const writer = format === 'table' ? undefined : new ItemWriter(host.out, format);
  let printed = 0;
  for await (const page of pages) {
    const items = page.slice(0, limit - printed);
    printed += items.length;
    if (writer === undefined) writeLines(host.out, table.add(items));
    else await writer.add(items);
    if (printed >= limit) break;
  }
  writer?.end();
  if (printed === 0 && writer === undefined) host.err.write('Listed 0 items.\n');
}
