import type { Clock } from '../../shared/ports/clock.ts';

/** The time of the machine that the function runs on. */
export const serviceClock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
