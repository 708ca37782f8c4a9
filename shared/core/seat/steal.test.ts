import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aSeat } from '../../testing/seat-samples.ts';
import { SeededRandom } from '../../testing/simulator/seeded-random.ts';
import { every, indices } from '../index-runs.ts';
import type { SeatRecord } from './seat-record.ts';
import { donorAmong, isDry, looksAtAll, SEATS_LOOKED_AT, seatsToAsk, steal } from './steal.ts';

const seatOf = (seat: number, given: Partial<SeatRecord>): SeatRecord => ({
  ...aSeat({ state: 'RUNNING', unstarted: [], ...given }),
  seat,
});

describe('the seats that a dry one asks', () => {
  it('are others, each once, within the group, and no more than it may', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), (seatCount, pick, seed) => {
        const own = pick % seatCount;
        const random = new SeededRandom(seed);
        const asked = seatsToAsk(seatCount, own, () => random.next());
        expect(asked).toHaveLength(Math.min(seatCount - 1, SEATS_LOOKED_AT));
        expect(new Set(asked).size).toBe(asked.length);
        expect(asked.every((seat) => seat !== own && seat >= 0 && seat < seatCount)).toBe(true);
      }),
    );
  });

  it('are all alike: none is asked by all', () => {
    const random = new SeededRandom(1);
    const asked = Array.from({ length: 100 }, () => 0);
    for (let own = 0; own < 100; own += 1) {
      for (let round = 0; round < 50; round += 1)
        for (const seat of seatsToAsk(100, own, () => random.next())) asked[seat] = (asked[seat] ?? 0) + 1;
    }
    // 400 each on average.
    expect(Math.min(...asked)).toBeGreaterThan(300);
    expect(Math.max(...asked)).toBeLessThan(500);
  });
});

describe('the seat that work is taken from', () => {
  const seats = [0, 3, 9, 9, 1].map((count, seat) => seatOf(seat, { unstarted: every(0, 1, count) }));

  it('is never the own one, nor an empty one', () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 200; round += 1) {
      const donor = donorAmong(seats, 2, () => random.next());
      expect([1, 3, 4]).toContain(donor?.seat);
    }
    expect(donorAmong(seats.slice(0, 2), 1, () => 0)).toBeUndefined();
    expect(donorAmong([], 0, () => 0)).toBeUndefined();
  });

  it('is the fuller one of two', () => {
    const draws = [0.01, 0.99];
    expect(donorAmong(seats, 9, () => draws.shift() ?? 0)?.seat).toBe(1);
    const others = [0.3, 0.99];
    expect(donorAmong(seats, 9, () => others.shift() ?? 0)?.seat).toBe(2);
  });

  it.each([
    [1, 1, [], [5]],
    [2, 1, [5], [6]],
    [9, 5, [5, 6, 7, 8], [9, 10, 11, 12, 13]],
  ])('of %i tasks gives %i from the end', (count, taken, left, got) => {
    const from = aSeat({ unstarted: [[5, count, 1]] });
    const to = aSeat({ unstarted: [] });
    expect(steal(from, to)).toBe(taken);
    expect([[...indices(from.unstarted)], [...indices(to.unstarted)]]).toEqual([left, got]);
  });
});

describe('a last task whose node is lost, among thousands of seats', () => {
  const SEATS = 5_000;
  const RUNS = 40;

  /** Rounds of reports until a dry seat finds it, and the full looks of each round. */
  function search(dry: number, random: () => number): { rounds: number; looks: number } {
    const seats = Array.from({ length: SEATS }, (_, seat) =>
      // Seats that are not dry have all their slots taken.
      seatOf(seat, seat < dry ? {} : { slots: 0 }),
    );
    seats[SEATS - 1] = seatOf(SEATS - 1, { state: 'LOST', unstarted: [[7, 1, 1]] });
    let looks = 0;
    for (let rounds = 1; ; rounds += 1) {
      for (let own = 0; own < dry; own += 1) {
        const asked = seatsToAsk(SEATS, own, random).map((seat) => seats[seat] as SeatRecord);
        if (donorAmong(asked, own, random) !== undefined) return { rounds, looks };
        if (!looksAtAll(asked, SEATS, random)) continue;
        looks += 1;
        if (donorAmong(seats, own, random) !== undefined) return { rounds, looks };
      }
    }
  }

  it.each([1, 3, 50, 700, 2_500, 4_999])('is found soon by %i dry seats', (dry) => {
    const random = new SeededRandom(dry);
    const found = Array.from({ length: RUNS }, () => search(dry, () => random.next()));
    const rounds = found.map((one) => one.rounds);
    expect(rounds.reduce((sum, one) => sum + one, 0) / RUNS).toBeLessThan(12);
    expect(Math.max(...rounds)).toBeLessThan(60);
  });

  it.each([1, 50, 700, 4_999])('costs %i dry seats few full looks a round while there is none', (dry) => {
    const random = new SeededRandom(dry);
    const seats = Array.from({ length: SEATS }, (_, seat) => seatOf(seat, seat < dry ? {} : { slots: 0 }));
    let looks = 0;
    for (let round = 0; round < 20; round += 1) {
      for (let own = 0; own < dry; own += 1) {
        const asked = seatsToAsk(SEATS, own, () => random.next()).map((seat) => seats[seat] as SeatRecord);
        if (looksAtAll(asked, SEATS, () => random.next())) looks += 1;
      }
    }
    // Most, where few enough are dry that those asked show none of them.
    expect(looks / 20).toBeLessThan(40);
  });

  it('is no matter in a group of which all seats are asked', () => {
    expect(
      looksAtAll(
        Array.from({ length: 3 }, (_, seat) => seatOf(seat, {})),
        4,
        () => 0,
      ),
    ).toBe(false);
  });
});

it('a seat is dry with a free slot and nothing left to start', () => {
  const task = { index: 1, attempt: 0, recorded: false, assignedAt: 0, runnable: 0 };
  expect(isDry(seatOf(0, { slots: 1 }))).toBe(true);
  expect(isDry(seatOf(0, { slots: 1, active: [task] }))).toBe(false);
  expect(isDry(seatOf(0, { slots: 1, unstarted: [[1, 1, 1]] }))).toBe(false);
  expect(isDry(seatOf(0, { slots: 1, retries: [{ index: 1, attempt: 1, recorded: true }] }))).toBe(false);
});
