import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportIntervals } from './report-intervals.ts';

describe('how often nodes report', () => {
  it.each<[nodes: number, onlyWaits: boolean, minMs: number, defaultMs: number]>([
    [1, false, 10, 1_000],
    [1, true, 10, 1_000],
    [100, false, 500, 2_000],
    [100, true, 500, 1_000],
    [5_000, false, 25_000, 100_000],
    [5_000, true, 25_000, 25_000],
  ])('of %d, one that only waits: %s', (nodes, onlyWaits, minMs, defaultMs) => {
    expect(reportIntervals(nodes, { onlyWaits })).toEqual({ minMs, defaultMs });
  });

  it('is 200 times a second for all of them together at most, be there news or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10_000 }), fc.boolean(), (nodes, onlyWaits) => {
        const { minMs, defaultMs } = reportIntervals(nodes, { onlyWaits });
        expect((nodes * 1000) / minMs).toBeLessThanOrEqual(200);
        expect(defaultMs).toBeGreaterThanOrEqual(minMs);
      }),
    );
  });
});
