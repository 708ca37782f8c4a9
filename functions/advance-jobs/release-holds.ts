import { type CapacityUse, type Hold, release, unused } from '../../shared/core/admission/capacity-use.ts';
import { capacityKey, holdKey } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { removal } from '../../shared/ports/removal.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';

/** Gives back what jobs took that have ended, or are gone. One that holds nothing is passed over. */
export async function releaseHolds(
  { store, clock }: { store: Store; clock: Clock },
  uids: readonly string[],
): Promise<void> {
  // The record of what is taken is one of the writes.
  const most = store.maxWrites - 1;
  for (let from = 0; from < uids.length; from += most) {
    const keys = uids.slice(from, from + most).map(holdKey);
    await commitAgain(clock, async () => {
      const holds = (await store.getMany<Hold>(keys)).filter((hold) => hold !== undefined);
      if (holds.length === 0) return;
      const taken = await store.get<CapacityUse>(capacityKey);
      const left = holds.reduce((use, { body }) => release(use, body), taken?.body ?? unused);
      await store.commit([
        { ...capacityKey, body: left, ifVersion: taken?.version ?? 0 },
        ...holds.map(removal),
      ]);
    });
  }
}
