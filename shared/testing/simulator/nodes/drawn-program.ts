import type { Runnable } from '../../../contract/runnable.ts';
import { SeededRandom, seedOf } from '../seeded-random.ts';

/** What the script of a random job says of itself; it stands in the runnable's text. */
export interface ProgramWish {
  readonly meanMs: number;
  readonly failRate: number;
}

/** What one run of a runnable does. */
export interface DrawnProgram {
  readonly runMs: number;
  readonly exitCode: number;
  /** Goes on after TERM and ends only by KILL. */
  readonly ignoresTerm: boolean;
  /** When it writes custom status events, after its start. */
  readonly eventsAt: readonly number[];
  /** Why it cannot even be started. */
  readonly problem: string | undefined;
}

/** The codes that programs fail with. */
export const failureCodes = [1, 2, 3, 137] as const;

/** The script that asks for a program. */
export function programText(wish: ProgramWish): string {
  return JSON.stringify(wish);
}

/** What a runnable of one attempt does: follows from the seed, the attempt and the runnable alone. */
export function drawProgram(seed: number, taskId: string, runnable: number, step: Runnable): DrawnProgram {
  const { meanMs, failRate } = JSON.parse(step.script?.text ?? '{}') as ProgramWish;
  const random = new SeededRandom(seedOf(seed, taskId, runnable));
  const runMs = random.chance(0.1) ? 0 : random.wait(meanMs);
  const events = random.chance(0.1) ? random.between(1, 3) : 0;
  return {
    runMs,
    exitCode: random.chance(failRate) ? random.pick(failureCodes) : 0,
    ignoresTerm: random.chance(0.1),
    eventsAt: Array.from({ length: events }, () => random.between(0, runMs)),
    problem: random.chance(failRate / 10) ? 'no such file' : undefined,
  };
}
