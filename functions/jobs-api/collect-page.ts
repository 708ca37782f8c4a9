import type { Range } from '../../shared/ports/store.ts';

/** A page of a list, and the key of the last item that was looked at when there are more. */
export interface Page<Found> {
  readonly found: Found[];
  readonly lastKey: string | undefined;
}

/** How many items a page may have: what was asked for, within the method's default and limit. */
export function pageSizeOf(given: number | undefined, fallback: number, most: number): number {
  return given === undefined || given <= 0 ? fallback : Math.min(given, most);
}

/**
 * Takes matching items until the page is full or `scanLimit` items have been looked at. That there are more is known
 * from one item beyond, so a last page that happens to be full has no key.
 */
export async function collectPage<Item, Found>(
  items: AsyncIterable<{ readonly key: string; readonly item: Item }>,
  limits: { readonly pageSize: number; readonly scanLimit: number },
  match: (item: Item) => Found | undefined,
): Promise<Page<Found>> {
  const found: Found[] = [];
  let scanned = 0;
  let lastKey: string | undefined;
  for await (const { key, item } of items) {
    if (found.length === limits.pageSize || scanned === limits.scanLimit) return { found, lastKey };
    scanned += 1;
    lastKey = key;
    const match_ = match(item);
    if (match_ !== undefined) found.push(match_);
  }
  return { found, lastKey: undefined };
}

const A_READ = 200;

/**
 * Reads a range of sort keys in batches, beginning after the key `after`. A page token is such a key, so what is
 * inserted or removed between two pages moves nothing. `keyOf` gives an item's sort key in that range.
 */
export async function* readOn<Found>(
  read: (range: Range) => Promise<Found[]>,
  range: Omit<Range, 'limit'>,
  keyOf: (item: Found) => string,
  after: string | undefined,
): AsyncGenerator<{ key: string; item: Found }> {
  for (let last = after; ; ) {
    const batch = await read({ ...range, ...rest(range, last), limit: A_READ });
    for (const item of batch) {
      last = keyOf(item);
      yield { key: last, item };
    }
    if (batch.length < A_READ) return;
  }
}

/**
 * What is left of a range after `key`, and never more than the range, whatever key a token holds. No key of ours goes on
 * with a character as low as `!`, so `key!` is after `key` and before whatever follows it.
 */
function rest({ from, to, reverse }: Omit<Range, 'limit'>, key: string | undefined): Partial<Range> {
  if (key === undefined) return {};
  if (reverse) return { to: to !== undefined && to < key ? to : key };
  return { from: from !== undefined && from > `${key}!` ? from : `${key}!` };
}
