/** Longest Duration of protobuf, in whole seconds: about 10,000 years. */
const MAX_DURATION_SECONDS = 315_576_000_000;
const DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;
const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** A timestamp that is canonical beyond doubt; the last days of a month take the longer way. */
const SURELY_CANONICAL =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{9}Z$/;

/**
 * The canonical form of a protobuf Duration in JSON (0, 3, 6 or 9 fractional digits: `"3.500s"`, `"0s"`),
 * or undefined when the text is no Duration.
 */
export function canonicalDuration(text: string): string | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const [, sign = '', seconds = '', fraction = ''] = match;
  if (Number(seconds) > MAX_DURATION_SECONDS) return undefined;
  const whole = String(Number(seconds));
  const significant = fraction.replace(/0+$/, '');
  const digits = fraction.padEnd(9, '0').slice(0, Math.ceil(significant.length / 3) * 3);
  const isZero = whole === '0' && digits === '';
  return `${isZero ? '' : sign}${whole}${digits === '' ? '' : `.${digits}`}s`;
}

/** Milliseconds of a Duration such as `"3.5s"`; sub-millisecond digits become a fraction. Throws a RangeError on anything else. */
export function durationMs(text: string): number {
  const match = DURATION.exec(text);
  if (match === null) throw new RangeError(`not a duration: ${JSON.stringify(text)}`);
  const [, sign = '', seconds = '', fraction = ''] = match;
  const ms = Number(seconds) * 1000 + Number(fraction.padEnd(9, '0')) / 1e6;
  return sign === '-' && ms !== 0 ? -ms : ms;
}

/** A Duration in canonical form from milliseconds, rounded to a millisecond: 3500 gives `"3.500s"`, 0 gives `"0s"`. */
export function formatDuration(ms: number): string {
  const rounded = Math.round(Math.abs(ms));
  const sign = ms < 0 && rounded !== 0 ? '-' : '';
  const rest = rounded % 1000;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`;
  return `${sign}${Math.floor(rounded / 1000)}${fraction}s`;
}

/**
 * A timestamp as the service writes it: UTC with nine fractional digits, `"2026-11-22T14:00:00.123000000Z"`.
 * `epochMs` counts milliseconds since 1970 and is rounded down. dsub splits timestamps at the '.', so it is always there.
 */
export function formatTimestamp(epochMs: number): string {
  return `${new Date(Math.floor(epochMs)).toISOString().slice(0, -1)}000000Z`;
}

/** Milliseconds since 1970 of an RFC 3339 timestamp with any offset, rounded down. Throws a RangeError on anything else. */
export function timestampMs(text: string): number {
  const parts = parseTimestamp(text);
  if (parts === undefined) throw new RangeError(`not an RFC 3339 timestamp: ${JSON.stringify(text)}`);
  return parts.secondsMs + Math.floor(Number(parts.nanos) / 1e6);
}

/**
 * The canonical form of an RFC 3339 timestamp (UTC, nine fractional digits), or undefined when the text is none
 * or lies outside the years 1 to 9999.
 */
export function canonicalTimestamp(text: string): string | undefined {
  if (SURELY_CANONICAL.test(text)) return text;
  const parts = parseTimestamp(text);
  if (parts === undefined) return undefined;
  return `${new Date(parts.secondsMs).toISOString().slice(0, 19)}.${parts.nanos}Z`;
}

const MIN_TIMESTAMP_MS = Date.parse('0001-01-01T00:00:00Z');
const MAX_TIMESTAMP_MS = Date.parse('9999-12-31T23:59:59Z');

function parseTimestamp(text: string): { secondsMs: number; nanos: string } | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = '',
    sign,
    offsetHour = '0',
    offsetMinute = '0',
  ] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(day)) return undefined;
  const offsetMinutes = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const secondsOfDay = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const secondsMs = midnight + (secondsOfDay - offsetMinutes * 60) * 1000;
  if (secondsMs < MIN_TIMESTAMP_MS || secondsMs > MAX_TIMESTAMP_MS) return undefined;
  return { secondsMs, nanos: fraction.padEnd(9, '0') };
}
