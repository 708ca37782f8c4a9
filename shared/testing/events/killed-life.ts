/** The process was killed: nothing of it goes on. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * A life that is killed before its step number `steps`, counted from 0: each thing that it does to the world is a step,
 * and the kill falls before the thing is done or right after it.
 */
export class KilledLife {
  readonly #killed = new AbortController();
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Does something, unless the life has ended by then. What is done when the kill comes right after it stays done. */
  async step<Result>(act: () => Result | Promise<Result>): Promise<Result> {
    this.#tick();
    const result = await act();
    this.#tick();
    return result;
  }

  /** The same for what is done at once. */
  stepNow<Result>(act: () => Result): Result {
    this.#tick();
    const result = act();
    this.#tick();
    return result;
  }

  /** Aborted by the kill: what is under way goes no further. */
  get killed(): AbortSignal {
    return this.#killed.signal;
  }

  #tick(): void {
    if (this.#left <= 0) {
      this.#killed.abort();
      throw new Killed('killed');
    }
    this.#left -= 1;
  }
}

/** Lives one after the other, each killed after so many steps, and a last one that nothing kills. */
export async function live(kills: readonly number[], life: (of: KilledLife) => Promise<void>): Promise<void> {
  for (const steps of [...kills, Number.POSITIVE_INFINITY]) {
    try {
      return await life(new KilledLife(steps));
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}
