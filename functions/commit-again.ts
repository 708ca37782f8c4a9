import { ConflictError } from '../shared/ports/store.ts';

const TRIES = 50;

/**
 * Loads, decides and commits until no other writer comes between. `attempt` must read afresh each time it is called.
 * After 50 conflicts in a row the last one is thrown: something then writes the same item without pause.
 */
export async function commitAgain<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConflictError) || left <= 1) throw error;
    }
  }
}
