/**
 * Answers that are held back until something happens to a job: an idle agent asks `Prefer: wait=N` and is answered when
 * a barrier opens, a task is there or the job is to stop, instead of asking again and again.
 */
export class HeldAnswers {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves when the job is touched, or after `ms`. */
  wait(jobUid: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(jobUid) ?? new Set();
      this.#waiting.set(jobUid, waiting);
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(jobUid);
        resolve();
      };
      const timer = setTimeout(done, ms);
      waiting.add(done);
    });
  }

  /** Lets all answers of a job go. */
  release(jobUid: string): void {
    for (const done of [...(this.#waiting.get(jobUid) ?? [])]) done();
  }

  /** Lets all answers go: the service stops. */
  releaseAll(): void {
    for (const jobUid of [...this.#waiting.keys()]) this.release(jobUid);
  }
}
