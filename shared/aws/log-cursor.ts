import { invalidField } from '../contract/error.ts';

/**
 * How far a log has been read: all lines before a time, and of those from then on the first so many of each stream. Lines come
 * late, but those of one stream in their order; so a count is enough to tell which have been given.
 */
export interface LogCursor {
  /** Epoch milliseconds. */
  readonly from: number;
  /** By the stream's key. */
  readonly given: Readonly<Record<string, number>>;
}

export function writeCursor({ from, given }: LogCursor): string {
  return Buffer.from(JSON.stringify([from, given])).toString('base64url');
}

/** The beginning for no cursor. Throws INVALID_ARGUMENT for what is none. */
export function readCursor(cursor: string | undefined): LogCursor {
  if (cursor === undefined || cursor === '') return { from: 0, given: {} };
  try {
    const [from, given] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, object];
    const counts = Object.entries(given);
    if (isCount(from) && counts.every(([, count]) => isCount(count)))
      return { from, given: Object.fromEntries(counts) };
  } catch {
    // Falls through: any text that is no cursor gets the same answer.
  }
  throw invalidField(
    'pageToken',
    'is not a token that this method has given; given: a token of another form',
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** An event of a stream, in the order of all streams. */
export interface Placed {
  readonly key: string;
  readonly at: number;
}

/**
 * Takes a page from events, which are all that there are from `cursor.from` on, in order, up to some time. Events younger than
 * `settledBefore` may yet be joined by others with earlier times; so the new cursor starts there and counts what it has given.
 */
export function takePage<Event extends Placed>(
  events: readonly Event[],
  cursor: LogCursor,
  limit: number,
  settledBefore: number,
): { page: Event[]; cursor: LogCursor } {
  const page = newEvents(events, cursor).slice(0, limit);
  const last = page.at(-1)?.at ?? events.at(-1)?.at ?? cursor.from;
  const from = Math.max(cursor.from, Math.min(last, settledBefore));
  const given: Record<string, number> = { ...cursor.given };
  for (const { key } of page) given[key] = (given[key] ?? 0) + 1;
  // Every event before `from` has been given, for none of them comes after the page.
  for (const { key, at } of events) if (at < from) given[key] = (given[key] ?? 0) - 1;
  const counts = Object.entries(given).filter(([, count]) => count > 0);
  return { page, cursor: { from, given: Object.fromEntries(counts) } };
}

function newEvents<Event extends Placed>(events: readonly Event[], { given }: LogCursor): Event[] {
  const seen: Record<string, number> = {};
  return events.filter(({ key }) => {
    const nth = (seen[key] ?? 0) + 1;
    seen[key] = nth;
    return nth > (given[key] ?? 0);
  });
}
