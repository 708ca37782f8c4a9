import { openLogs } from '../../shared/aws/open-logs.ts';
import type { LogReader } from '../../shared/ports/log-reader.ts';
import type { Store } from '../../shared/ports/store.ts';
import { nodeStreams } from '../claim-node/node-streams.ts';
import { serviceClock as clock } from './service-clock.ts';

/** The log of a deployment's nodes, by the streams that its records name. */
export function openNodeLogs(store: Store, logGroup: string): LogReader {
  return openLogs({ logGroup, clock, streamsOf: (whose) => nodeStreams(store, whose) });
}
