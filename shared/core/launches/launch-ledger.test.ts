import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askForLaunches,
  FARGATE_RATE,
  type LaunchLedger,
  launchTimes,
  launchWait,
  noLaunches,
} from './launch-ledger.ts';

const T0 = 1_000_000;
const ask = (ledger: LaunchLedger, uid: string, count: number, now: number, name = 'group0') =>
  askForLaunches(ledger, { uid, name, count }, now);
const seconds = (ledger: LaunchLedger, uid: string, name = 'group0') =>
  launchTimes(ledger, uid, name).map((at) => (at - T0) / 1000);

describe('launchTimes', () => {
  it('a hundred at once, then twenty a second', () => {
    const times = seconds(ask(noLaunches, 'a', 5_000, T0), 'a');
    expect(times.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 0));
    expect(times[100]).toBeCloseTo(0.05);
    expect(times[119]).toBeCloseTo(1);
    expect(times[4_999]).toBeCloseTo(245);
  });

  it('a small job behind one of 5,000 nodes has its turn at once', () => {
    const large = ask(noLaunches, 'large', 5_000, T0);
    const both = ask(large, 'small', 5, T0 + 10_000);
    const small = seconds(both, 'small');
    expect(small[0]).toBeLessThan(10.2);
    expect(small[4]).toBeLessThan(10.6);
    // The large one is later by no more than the small one took.
    expect(seconds(both, 'large').at(-1)).toBeCloseTo(245.25);
  });

  it('large jobs share the rate', () => {
    const both = ask(ask(noLaunches, 'a', 2_000, T0), 'b', 2_000, T0);
    const [a, b] = [seconds(both, 'a'), seconds(both, 'b')];
    // The first to come has had the burst; from then on each has half.
    expect(a[99]).toBe(0);
    expect(Math.abs((a[1_100] ?? 0) - (b[1_000] ?? 0))).toBeLessThan(0.1);
    expect(b[1_000]).toBeCloseTo(100, 0);
  });

  it('groups of one job share its part', () => {
    let ledger = ask(noLaunches, 'a', 200, T0);
    ledger = ask(ledger, 'a', 200, T0, 'group1');
    ledger = ask(ledger, 'b', 200, T0);
    expect(seconds(ledger, 'b').at(-1)).toBeCloseTo(20, 0);
    expect(seconds(ledger, 'a', 'group1').at(-1)).toBeCloseTo(25, 0);
  });

  it('the burst comes back while nothing is launched', () => {
    const first = ask(noLaunches, 'a', 100, T0);
    const soon = ask(first, 'b', 100, T0 + 1_000);
    expect(seconds(soon, 'b').filter((at) => at === 1)).toHaveLength(20);
    const later = ask(first, 'b', 200, T0 + 60_000);
    expect(seconds(later, 'b').filter((at) => at === 60)).toHaveLength(100);
  });

  it('asking twice changes nothing, and what is unknown or over may go', () => {
    const once = ask(noLaunches, 'a', 300, T0);
    expect(seconds(ask(once, 'a', 300, T0), 'a')).toEqual(seconds(once, 'a'));
    expect(launchTimes(once, 'b', 'group0')).toEqual([]);
    expect(launchWait(once, { uid: 'b', name: 'group0', at: 7 }, T0)).toBe(0);
    const over = ask(once, 'b', 1, T0 + 60_000);
    expect(over.jobs.map(({ uid }) => uid)).toEqual(['b']);
    expect(launchWait(over, { uid: 'a', name: 'group0', at: 299 }, T0 + 60_000)).toBe(0);
  });
});

/** Jobs that come at any time, with nodes that ask when their time has come and wait on when it has been put off. */
const arrivals = fc.array(
  fc.record({ job: fc.nat(4), count: fc.integer({ min: 1, max: 60 }), after: fc.nat(4_000) }),
  { minLength: 1, maxLength: 12 },
);
const rate = { burst: 10, aSecond: 4 };

function launches(given: readonly { job: number; count: number; after: number }[]) {
  const started: { at: number; uid: string; askedAt: number }[] = [];
  let asks = 0;
  let ledger = noLaunches;
  let time = T0;
  const joins = given.map(({ job, count, after }, order) => {
    time += after;
    return { uid: `job-${job}`, count, at: time, name: `batch-${order}` };
  });
  let waiting: { uid: string; name: string; at: number; askedAt: number; next: number }[] = [];
  for (let now = T0; joins.length > 0 || waiting.length > 0; now += 50) {
    for (let join = joins[0]; join !== undefined && join.at <= now; join = joins[0]) {
      joins.shift();
      const { uid, name, count } = join;
      ledger = askForLaunches(ledger, { uid, name, count }, now, rate);
      const times = launchTimes(ledger, uid, name, rate);
      for (let at = 0; at < count; at += 1)
        waiting.push({ uid, name, at, askedAt: now, next: times[at] ?? now });
    }
    for (const node of waiting.filter(({ next }) => next <= now)) {
      const wait = launchWait(ledger, node, now, rate);
      asks += 1;
      if (wait > 0) node.next = now + wait;
      else {
        started.push({ at: now, uid: node.uid, askedAt: node.askedAt });
        node.next = Number.POSITIVE_INFINITY;
      }
    }
    waiting = waiting.filter(({ next }) => next < Number.POSITIVE_INFINITY);
  }
  return { started, asks };
}

describe('launches of many jobs', () => {
  it('all are made, and each asks a few times only', () => {
    fc.assert(
      fc.property(arrivals, (given) => {
        const { started, asks } = launches(given);
        const wanted = given.reduce((sum, { count }) => sum + count, 0);
        expect(started).toHaveLength(wanted);
        expect(asks).toBeLessThanOrEqual(wanted * (given.length + 1));
      }),
      { numRuns: 50 },
    );
  });

  it('moments are given out no faster than the rate, whoever comes when', () => {
    fc.assert(
      fc.property(arrivals, (given) => {
        let ledger = noLaunches;
        let now = T0;
        const taken: number[] = [];
        for (const [order, { job, count, after }] of given.entries()) {
          now += after;
          taken.push(...passed(ledger, now));
          ledger = askForLaunches(ledger, { uid: `job-${job}`, name: `batch-${order}`, count }, now, rate);
        }
        taken.push(...passed(ledger, Number.POSITIVE_INFINITY));
        taken.sort((a, b) => a - b);
        expect(taken).toHaveLength(given.reduce((sum, { count }) => sum + count, 0));
        for (const [order, at] of taken.entries()) {
          // The one that lies a burst and some more back: in between there was time for the some more.
          for (const more of [0, 1, 5, 20]) {
            const back = taken[order - rate.burst - more];
            if (back !== undefined)
              expect(at - back).toBeGreaterThanOrEqual(((more + 1) * 1000) / rate.aSecond - 1e-6);
          }
        }
      }),
    );
  });

  it('the rate of Fargate is what AWS documents', () => {
    expect(FARGATE_RATE).toEqual({ burst: 100, aSecond: 20 });
  });
});

/** The moments of a ledger that pass before another one asks. */
function passed(ledger: LaunchLedger, before: number): number[] {
  return ledger.jobs.flatMap(({ uid, due, batches }) =>
    batches.flatMap(({ name, first }) =>
      launchTimes(ledger, uid, name, rate).filter((at, order) => first + order >= due && at <= before),
    ),
  );
}
