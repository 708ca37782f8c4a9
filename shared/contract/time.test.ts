import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalDuration,
  canonicalTimestamp,
  durationMs,
  formatDuration,
  formatTimestamp,
  timestampMs,
} from './time.ts';

describe('durations', () => {
  it.each([
    ['0s', '0s', 0],
    ['-0s', '0s', 0],
    ['3.5s', '3.500s', 3500],
    ['3600s', '3600s', 3_600_000],
    ['007s', '7s', 7000],
    ['-1.25s', '-1.250s', -1250],
    ['0.000001s', '0.000001s', 0.001],
    ['1.000000001s', '1.000000001s', 1000.000001],
    ['1.000s', '1s', 1000],
  ])('%s is %s and %d ms', (text, canonical, ms) => {
    expect(canonicalDuration(text)).toBe(canonical);
    expect(durationMs(text)).toBeCloseTo(ms, 6);
  });

  it.each(['', 's', '3', '3.s', '1e3s', ' 3s', '3m', '+3s', '.5s', '315576000001s', '1.0000000001s'])(
    '%j is refused',
    (text) => {
      expect(canonicalDuration(text)).toBeUndefined();
    },
  );

  it('come back from their canonical form', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ms) => {
        const text = formatDuration(ms);
        expect(durationMs(text)).toBe(ms);
        expect(canonicalDuration(text)).toBe(text);
      }),
    );
  });
});

describe('timestamps', () => {
  it('are written with nine fractional digits', () => {
    expect(formatTimestamp(Date.UTC(2026, 10, 22, 14, 0, 0, 123))).toBe('2026-11-22T14:00:00.123000000Z');
    expect(formatTimestamp(0)).toBe('1970-01-01T00:00:00.000000000Z');
  });

  it.each([
    ['2026-11-22T14:00:00Z', '2026-11-22T14:00:00.000000000Z'],
    ['2026-11-22t14:00:00.5z', '2026-11-22T14:00:00.500000000Z'],
    ['2026-11-22T14:00:00.123456789+01:30', '2026-11-22T12:30:00.123456789Z'],
    ['2026-12-31T23:59:59-00:30', '2027-01-01T00:29:59.000000000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000000Z'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalTimestamp(text)).toBe(canonical);
    expect(timestampMs(text)).toBe(Date.parse(text));
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '2026-01-01T00:00:00.1234567890Z',
    '0000-01-01T00:00:00Z',
    '2026-01-01T00:00:00+24:00',
    'now',
  ])('%s is refused', (text) => {
    expect(canonicalTimestamp(text)).toBeUndefined();
    expect(() => timestampMs(text)).toThrow(RangeError);
  });

  it('come back from their canonical form', () => {
    const range = { min: -62_135_596_800_000, max: 253_402_300_799_999 };
    fc.assert(
      fc.property(fc.integer(range), (ms) => {
        const text = formatTimestamp(ms);
        expect(timestampMs(text)).toBe(ms);
        expect(canonicalTimestamp(text)).toBe(text);
      }),
    );
  });
});
