import type { FaultPlan } from './fault-plan.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A rule that did not hold. */
export interface Violation {
  readonly rule: string;
  readonly detail: string;
  /** Virtual milliseconds since the start. */
  readonly at: number;
}

/** Keeps the first rule that was broken: what comes after it may only follow from it. */
export class Verdict {
  readonly #clock: VirtualClock;
  #first: Violation | undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get violation(): Violation | undefined {
    return this.#first;
  }

  broken(rule: string, detail: string): void {
    this.#first ??= { rule, detail, at: this.#clock.passed };
  }

  /** Notes that `rule` is broken unless `holds`; `detail` is only asked for then. */
  expect(holds: boolean, rule: string, detail: () => string): void {
    if (!holds) this.broken(rule, detail());
  }
}

/** What happened, a line each; makes no lines unless somebody will read them. */
export class Trace {
  readonly #clock: VirtualClock;
  readonly #print: ((line: string) => void) | undefined;

  constructor(clock: VirtualClock, print: ((line: string) => void) | undefined) {
    this.#clock = clock;
    this.#print = print;
  }

  add(line: () => string): void {
    this.#print?.(`${String(this.#clock.passed).padStart(8)}  ${line()}`);
  }
}

/** Counts by name. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }
}

/** What every part of one simulation shares. */
export interface World {
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly faults: FaultPlan;
  readonly trace: Trace;
  readonly tally: Tally;
  readonly verdict: Verdict;
}
