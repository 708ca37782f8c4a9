import type { CapacityProvider } from '../../shared/core/fargate/node-launch.ts';
import { launchesKey } from '../../shared/core/keys.ts';
import {
  askForLaunches,
  type LaunchLedger,
  launchTimes,
  launchWait,
  noLaunches,
} from '../../shared/core/launches/launch-ledger.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';

interface TurnPorts {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Asks for the launches of a job's nodes and returns after how many seconds each may be made. Others who ask later can put
 * them off: `secondsToWait` says so when the time has come.
 */
export function askForTurns(
  { store, clock }: TurnPorts,
  provider: CapacityProvider,
  wish: { readonly uid: string; readonly name: string; readonly count: number },
): Promise<number[]> {
  return commitAgain(clock, async () => {
    const item = await store.get<LaunchLedger>(launchesKey(provider));
    const now = clock.now();
    const ledger = askForLaunches(item?.body ?? noLaunches, wish, now);
    await store.commit([{ ...launchesKey(provider), body: ledger, ifVersion: item?.version ?? 0 }]);
    return launchTimes(ledger, wish.uid, wish.name).map((at) => seconds(at - now));
  });
}

/** After how many seconds a launch that was asked for may be made; 0 when its time has come. Writes nothing. */
export async function secondsToWait(
  { store, clock }: TurnPorts,
  provider: CapacityProvider,
  launch: { readonly uid: string; readonly name: string; readonly at: number },
): Promise<number> {
  const item = await store.get<LaunchLedger>(launchesKey(provider));
  return item === undefined ? 0 : seconds(launchWait(item.body, launch, clock.now()));
}

const seconds = (ms: number) => Math.ceil(Math.max(0, ms) / 1000);
