import type { Runnable } from '../../../contract/runnable.ts';

/** What one node has really run of one attempt of a task. Runnables count from 0. */
export class AttemptRun {
  readonly started = new Set<number>();
  readonly exited = new Set<number>();
  /** Exit codes for which the attempt has to fail. */
  readonly failures = new Set<number>();
  /** Whether any of its programs was killed. */
  wasKilled = false;
  /** Runnables that have been looked at for barriers. */
  seen = 0;

  get hasFailed(): boolean {
    return this.failures.size > 0 || this.wasKilled;
  }

  exit(
    runnable: number,
    exit: { readonly exitCode: number; readonly isKilled: boolean },
    wish: Pick<Runnable, 'ignoreExitStatus'>,
  ): void {
    this.exited.add(runnable);
    if (exit.isKilled) this.wasKilled = true;
    else if (exit.exitCode !== 0 && wish.ignoreExitStatus !== true) this.failures.add(exit.exitCode);
  }

  /** Runnables before `end` that have not done what they have to before the task may go on. */
  missing(runnables: readonly Runnable[], end: number): number[] {
    return runnables.slice(0, end).flatMap(({ barrier, background }, at) => {
      if (barrier !== undefined) return [];
      return (background === true ? this.started : this.exited).has(at) ? [] : [at];
    });
  }
}
