import type { SeededRandom } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Tally } from './world.ts';

export const faultLevels = ['none', 'some', 'all'] as const;
export type FaultLevel = (typeof faultLevels)[number];

/** Faults that strike at an occasion, with the highest probability that a seed may draw. */
const occasional = {
  'report lost': 0.2,
  'answer lost': 0.2,
  'report repeated': 0.2,
  'report late': 0.1,
  'answer late': 0.1,
  'crash before a commit': 0.02,
  'crash after a commit': 0.02,
  'batch repeated': 0.3,
  'node never starts': 0.2,
  'node dies at its start': 0.2,
  'gone node lives on': 0.7,
  'store slow': 0.2,
  'commit slow': 0.3,
} as const;

/** Faults that strike after a time, with the shortest mean time that a seed may draw, in milliseconds. */
const timed = {
  'service crash': 3_000,
  'service restart': 5_000,
  'node killed': 2_000,
  'node preempted': 3_000,
  'node cut off': 3_000,
} as const;

export type OccasionalFault = keyof typeof occasional;
export type TimedFault = keyof typeof timed;

const levels = {
  none: { share: 0, strength: 0 },
  some: { share: 0.4, strength: 0.2 },
  all: { share: 0.7, strength: 1 },
} as const;

/**
 * Which faults strike in one simulation, and how often. Each seed draws its own selection, for some bugs show only when
 * something else does not go wrong. All faults end at one time; from then on every job must come to its end.
 */
export class FaultPlan {
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #tally: Tally;
  readonly #until: number;
  /** How long a way to the store or back takes at most, usually. */
  readonly storeMs: number;
  readonly #chances = new Map<OccasionalFault, number>();
  readonly #means = new Map<TimedFault, number>();

  constructor(level: FaultLevel, clock: VirtualClock, random: SeededRandom, tally: Tally) {
    this.#clock = clock;
    this.#random = random;
    this.#tally = tally;
    const { share, strength } = levels[level];
    this.#until = clock.now() + (share === 0 ? 0 : random.between(3_000, 120_000));
    this.storeMs = random.pick([2, 2, 20, 200]);
    for (const fault of Object.keys(occasional) as OccasionalFault[]) {
      if (random.chance(share)) this.#chances.set(fault, occasional[fault] * strength * random.next() ** 2);
    }
    for (const fault of Object.keys(timed) as TimedFault[]) {
      if (random.chance(share)) this.#means.set(fault, timed[fault] / strength / (random.next() ** 2 + 0.01));
    }
  }

  /** Whether faults may still strike. */
  get isOn(): boolean {
    return this.#clock.now() < this.#until;
  }

  get until(): number {
    return this.#until;
  }

  /** Whether the fault strikes at this occasion. */
  strikes(fault: OccasionalFault): boolean {
    const chance = this.#chances.get(fault);
    if (chance === undefined || !this.isOn || !this.#random.chance(chance)) return false;
    this.#tally.add(fault);
    return true;
  }

  /** Calls `strike` once after a random time, unless faults are over by then; the returned function calls it off. */
  later(fault: TimedFault, strike: () => void): () => void {
    const mean = this.#means.get(fault);
    if (mean === undefined) return () => undefined;
    return this.#clock.after(this.#random.wait(mean), () => {
      if (!this.isOn) return;
      this.#tally.add(fault);
      strike();
    });
  }
}

/** The names of all faults. */
export const faultNames: readonly string[] = [...Object.keys(occasional), ...Object.keys(timed)];
