import { describe, expect, it } from 'vitest';
import { median, medianOfKnown } from './statistics.ts';

describe('the median', () => {
  it.each([
    [[7], 7],
    [[9, 1, 5], 5],
    [[10, 2, 4, 8], 6],
    [[100, 20, 3], 20],
    [[], undefined],
  ])('of %j is %j', (figures, expected) => {
    expect(median(figures)).toBe(expected);
  });

  it('leaves its figures in their order', () => {
    const figures = [3, 1, 2];
    median(figures);
    expect(figures).toEqual([3, 1, 2]);
  });

  it('passes over what was not measured', () => {
    expect(medianOfKnown([undefined, 4, undefined, 8])).toBe(6);
    expect(medianOfKnown([undefined])).toBeUndefined();
  });
});
