import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { claimKey } from '../../shared/core/keys.ts';
import { hasNode, type SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import type { NodeClaim } from '../claim-node/node-claim.ts';
import { loadSeats } from '../load-job.ts';
import { loseNode } from '../run-nodes/lose-node.ts';
import type { StopNode } from './stop-node.ts';

export interface ReleasePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly stopNode: StopNode;
}

/** Seats that are looked after at the same time; ECS takes some forty stops a second. */
const AT_ONCE = 10;

/** Stops all nodes of a group and takes their tasks from them. */
export async function releaseNodes(ports: ReleasePorts, group: GroupRecord, reason: string): Promise<void> {
  const seats = (await loadSeats(ports.store, group)).map(({ body }) => body).filter(hasNode);
  for (let from = 0; from < seats.length; from += AT_ONCE) {
    await Promise.all(
      seats.slice(from, from + AT_ONCE).map(async (seat) => {
        await stopNodeOf(ports, seat, reason);
        await loseNode(ports, seat, 'SILENT');
      }),
    );
  }
}

/** Stops the ECS task that runs the seat's present node, if it has ever told us its name. */
export async function stopNodeOf(
  { store, stopNode }: Pick<ReleasePorts, 'store' | 'stopNode'>,
  seat: SeatRecord,
  reason: string,
): Promise<void> {
  const claim = await store.get<NodeClaim>(claimKey(seat));
  if (claim?.body.epoch !== seat.epoch || claim.body.taskArn === undefined) return;
  await stopNode(claim.body.taskArn, reason);
}
