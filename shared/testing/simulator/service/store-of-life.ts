import type { Store } from '../../../ports/store.ts';
import { ConflictError } from '../../../ports/store.ts';
import type { World } from '../world.ts';

/** Thrown by a commit at which the service dies: nobody is left to see it. */
export class ServiceCrash extends Error {
  override readonly name = 'ServiceCrash';
}

/** What a program waits for that is no more. */
export function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/**
 * The store as one life of the service sees it: each call takes a little time on its way there and back, so that what
 * runs side by side meets in every order; and no call of a life that is over does or answers anything.
 */
export function storeOfLife(world: World, store: Store, isAlive: () => boolean): Store {
  const pause = (ms: number) => new Promise<void>((done) => world.clock.after(ms, done));
  const pass = (): Promise<void> | undefined => {
    const { random, faults } = world;
    const usual = random.chance(0.6) ? 0 : random.between(1, faults.storeMs);
    const ms = faults.strikes('store slow') ? random.between(5, 300) : usual;
    return ms === 0 ? undefined : pause(ms);
  };
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    await pass();
    if (!isAlive()) return never();
    const outcome = await work().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await pass();
    if (!isAlive()) return never();
    if ('value' in outcome) return outcome.value;
    if (outcome.error instanceof ConflictError) world.tally.add('conflicts');
    throw outcome.error;
  };
  return {
    maxWrites: store.maxWrites,
    get: (key) => call(() => store.get(key)),
    getMany: (keys) => call(() => store.getMany(keys)),
    query: (range) => call(() => store.query(range)),
    queryIndex: (index, range) => call(() => store.queryIndex(index, range)),
    commit: (writes) => {
      // What is written is what the caller holds now, not what it makes of it while the call is on its way.
      const now = structuredClone(writes);
      return call(async () => {
        if (world.faults.strikes('commit slow')) await pause(world.random.between(50, 3_000));
        return isAlive() ? store.commit(now) : never();
      });
    },
    changes: (after, limit) => call(() => store.changes(after, limit)),
    forgetChanges: (upTo) => call(() => store.forgetChanges(upTo)),
  };
}
