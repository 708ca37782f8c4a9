import { describe, expect, it } from 'vitest';
import type { Clock } from '../shared/ports/clock.ts';
import { ConflictError } from '../shared/ports/store.ts';
import { commitAgain } from './commit-again.ts';

/** A clock whose alarms ring at once, and that remembers how long each was to take. */
function notingClock(share: number): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    now: () => 0,
    jitter: () => share,
    after(ms, then) {
      pauses.push(ms);
      queueMicrotask(then);
      return () => undefined;
    },
  };
}

/** Conflicts so many times, then gives how often it was called. */
function conflicting(times: number): () => Promise<number> {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= times) throw new ConflictError('another writer');
    return calls;
  };
}

describe('commitAgain', () => {
  it.each([
    ['no conflict', 0, []],
    ['two conflicts are tried again at once', 2, []],
    ['then it pauses, longer each time', 6, [10, 20, 40, 80]],
    ['and two seconds at most', 12, [10, 20, 40, 80, 160, 320, 640, 1280, 2000, 2000]],
  ])('%s', async (_, conflicts, pauses) => {
    const clock = notingClock(1);
    expect(await commitAgain(clock, conflicting(conflicts))).toBe(conflicts + 1);
    expect(clock.pauses).toEqual(pauses);
  });

  it('takes a random part of each pause', async () => {
    const clock = notingClock(0.25);
    await commitAgain(clock, conflicting(5));
    expect(clock.pauses).toEqual([3, 5, 10]);
  });

  it('gives up after fifty conflicts in a row', async () => {
    await expect(commitAgain(notingClock(0), conflicting(50))).rejects.toBeInstanceOf(ConflictError);
    expect(await commitAgain(notingClock(0), conflicting(49))).toBe(50);
  });

  it('passes on what is no conflict', async () => {
    const clock = notingClock(1);
    await expect(commitAgain(clock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(clock.pauses).toEqual([]);
  });
});
