import { expect, it } from 'vitest';
import { formatDurationField, formatElapsed, formatTime } from './times.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

it.each([
  [-5, '0.0s'],
  [0, '0.0s'],
  [430, '0.4s'],
  [9_949, '9.9s'],
  [9_950, '10s'],
  [59_499, '59s'],
  [59_500, '1m00s'],
  [3 * MINUTE + 5 * SECOND, '3m05s'],
  [59 * MINUTE + 59.6 * SECOND, '1h00m'],
  [2 * HOUR + 7 * MINUTE, '2h07m'],
  [76 * HOUR, '3d04h'],
])('%i ms are %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

it('shows timestamps to the second, and what is none as it is', () => {
  expect(formatTime('2026-11-22T14:00:05.123456789Z')).toBe('2026-11-22T14:00:05Z');
  expect([formatTime(undefined), formatTime('soon')]).toEqual(['', 'soon']);
});

it.each([
  ['3.500s', '3.5s'],
  ['', ''],
  [undefined, ''],
  ['long', ''],
])('duration %s is shown as %j', (duration, text) => {
  expect(formatDurationField(duration)).toBe(text);
});
