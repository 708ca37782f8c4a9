import { durationMs, timestampMs } from '../../shared/contract/time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in its two largest units: `0.4s`, `12s`, `3m05s`, `2h07m`, `3d04h`. */
export function formatElapsed(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / SECOND).toFixed(1)}s`;
  const seconds = Math.round(ms / SECOND) * SECOND;
  if (seconds < MINUTE) return `${seconds / SECOND}s`;
  if (seconds < HOUR) return twoUnits(seconds, MINUTE, 'm', SECOND, 's');
  if (seconds < DAY) return twoUnits(seconds, HOUR, 'h', MINUTE, 'm');
  return twoUnits(seconds, DAY, 'd', HOUR, 'h');
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)}${largeName}${String(rest).padStart(2, '0')}${smallName}`;
}

/** A timestamp to the second, `2026-11-22T14:00:05Z`; empty for none, as it is when it is no timestamp. */
export function formatTime(timestamp: string | undefined): string {
  const ms = timeMs(timestamp);
  return ms === undefined ? (timestamp ?? '') : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since 1970 of a timestamp, or undefined for none and for what is no timestamp. */
export function timeMs(timestamp: string | undefined): number | undefined {
  return timestamp ? orUndefined(() => timestampMs(timestamp)) : undefined;
}

/** A Duration of the API (`3.5s`) as people read it; empty for none. */
export function formatDurationField(duration: string | undefined): string {
  const ms = duration ? orUndefined(() => durationMs(duration)) : undefined;
  return ms === undefined ? '' : formatElapsed(ms);
}

function orUndefined(read: () => number): number | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
