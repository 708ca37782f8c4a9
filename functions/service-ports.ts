import type { Clock, Random } from '../shared/ports/clock.ts';
import type { LogReader } from '../shared/ports/log-reader.ts';
import type { Store } from '../shared/ports/store.ts';

/** What every use case is given. */
export interface ServicePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logs: LogReader;
}
