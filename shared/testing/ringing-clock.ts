import type { Clock } from '../ports/clock.ts';

/** A clock for tests that do not wait: its time is what `now` gives, and what is to come after a while comes at once. */
export function ringingClock(now: () => number): Clock {
  return {
    now,
    after(_, then) {
      let isOn = true;
      queueMicrotask(() => isOn && then());
      return () => {
        isOn = false;
      };
    },
  };
}
