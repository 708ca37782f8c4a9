import { describe, expect, it } from 'vitest';
import { isPassing, retryAfterMs, retryDelayMs } from './retry.ts';

describe('retryDelayMs', () => {
  it.each([
    { name: 'starts short', failed: { tries: 1, elapsedMs: 0, random: 1 }, budget: 2000, delay: 100 },
    {
      name: 'takes half of it by chance',
      failed: { tries: 1, elapsedMs: 0, random: 0 },
      budget: 2000,
      delay: 50,
    },
    { name: 'doubles', failed: { tries: 4, elapsedMs: 700, random: 1 }, budget: 2000, delay: 800 },
    {
      name: 'stays below 2 s',
      failed: { tries: 12, elapsedMs: 9000, random: 1 },
      budget: 60_000,
      delay: 2000,
    },
    {
      name: 'gives up when the time is over',
      failed: { tries: 6, elapsedMs: 1900, random: 1 },
      budget: 2000,
      delay: undefined,
    },
    {
      name: 'obeys Retry-After',
      failed: { tries: 1, elapsedMs: 0, retryAfterMs: 1000, random: 1 },
      budget: 2000,
      delay: 1000,
    },
    {
      name: 'does not wait longer than it may',
      failed: { tries: 1, elapsedMs: 0, retryAfterMs: 5000, random: 1 },
      budget: 2000,
      delay: undefined,
    },
  ])('$name', ({ failed, budget, delay }) => {
    expect(retryDelayMs(failed, budget)).toBe(delay);
  });
});

it.each([
  [200, false],
  [400, false],
  [404, false],
  [409, false],
  [429, true],
  [500, false],
  [502, true],
  [503, true],
  [504, true],
])('HTTP %i passes: %s', (status, passes) => {
  expect(isPassing(status)).toBe(passes);
});

it('reads Retry-After in seconds only', () => {
  expect([retryAfterMs('2'), retryAfterMs('Wed, 21 Oct 2026 07:28:00 GMT'), retryAfterMs(null)]).toEqual([
    2000,
    undefined,
    undefined,
  ]);
});
