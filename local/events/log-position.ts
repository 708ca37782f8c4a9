/** A place in the log of events: the file of a day, and the bytes of it that lie before. */
export interface LogPosition {
  /** `{YYYY-MM-DD}.jsonl`; empty before the first. */
  readonly file: string;
  readonly length: number;
}

/** Before the oldest event that is kept. */
export const OLDEST: LogPosition = { file: '', length: 0 };

const FORM = /^(\d{4}-\d\d-\d\d)\.(\d{1,15})$/;

/** `2026-11-24.1523`, for a receiver to come back with. */
export function formatPosition({ file, length }: LogPosition): string {
  return file === '' ? 'oldest' : `${file.slice(0, 'YYYY-MM-DD'.length)}.${length}`;
}

/** Reads what `formatPosition` wrote; undefined for anything else. */
export function parsePosition(text: string): LogPosition | undefined {
  if (text === 'oldest') return OLDEST;
  const [, day, length] = FORM.exec(text) ?? [];
  return day === undefined ? undefined : { file: `${day}.jsonl`, length: Number(length) };
}
