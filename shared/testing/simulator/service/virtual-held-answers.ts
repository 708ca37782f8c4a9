import { HeldAnswers } from '../../../../local/http/held-answers.ts';
import type { Clock } from '../../../ports/clock.ts';

/** Answers that are held back, in virtual time. */
export class VirtualHeldAnswers extends HeldAnswers {
  readonly #clock: Clock;
  readonly #held = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override wait(jobUid: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const held = this.#held.get(jobUid) ?? new Set();
      this.#held.set(jobUid, held);
      const done = () => {
        callOff();
        held.delete(done);
        resolve();
      };
      const callOff = this.#clock.after(ms, done);
      held.add(done);
    });
  }

  override release(jobUid: string): void {
    for (const done of [...(this.#held.get(jobUid) ?? [])]) done();
  }

  override releaseAll(): void {
    for (const jobUid of [...this.#held.keys()]) this.release(jobUid);
  }
}
