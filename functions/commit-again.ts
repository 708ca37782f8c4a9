import type { Clock } from '../shared/ports/clock.ts';
import { ConflictError } from '../shared/ports/store.ts';

const TRIES = 50;
/** Conflicts that are tried again at once: most come of one other writer, who is through by then. */
const AT_ONCE = 2;
const FIRST_PAUSE_MS = 10;
const PAUSE_AT_MOST_MS = 2_000;

/**
 * Loads, decides and commits until no other writer comes between. `attempt` must read afresh each time it is called.
 * After two conflicts it pauses before each further try, for a random part of a time that doubles up to two seconds, so
 * that many writers of one item spread and a read that lags catches up. After 50 conflicts in a row the last one is
 * thrown: something then writes the same item without pause.
 */
export async function commitAgain<Result>(clock: Clock, attempt: () => Promise<Result>): Promise<Result> {
  for (let conflicts = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      conflicts += 1;
      if (!(error instanceof ConflictError) || conflicts >= TRIES) throw error;
      if (conflicts > AT_ONCE) await pause(clock, conflicts - AT_ONCE);
    }
  }
}

function pause(clock: Clock, round: number): Promise<void> {
  const atMost = Math.min(PAUSE_AT_MOST_MS, FIRST_PAUSE_MS * 2 ** (round - 1));
  const share = (clock.jitter ?? Math.random)();
  return new Promise((done) => clock.after(Math.ceil(share * atMost), done));
}
