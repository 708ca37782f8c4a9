import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { claimKey, groupKey, seatKey } from '../../shared/core/keys.ts';
import { nodeStates } from '../../shared/core/node/node-states.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { claimIndex, type NodeClaim } from '../claim-node/node-claim.ts';
import { commitAgain } from '../commit-again.ts';
import { placeOf, type TokenPlace } from '../state-report/node-token.ts';
import { aboutToChange, seatPut } from '../write-seat.ts';
import { claimOf, type EcsTaskEvent, isBeingTakenAway } from './ecs-task-event.ts';

interface WatchPorts {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Takes note of what ECS says of a node's task, in the record of its claim: an event that is older than what stands there
 * changes nothing, and none of an epoch that is over does. A node that is being taken away gets no further tasks; that it
 * goes is told by the change of its seat, as all is that happens to it.
 */
export async function watchNode(ports: WatchPorts, event: EcsTaskEvent): Promise<void> {
  const claim = claimOf(event);
  if (claim === undefined) return;
  const place = placeOf(`Bearer ${claim}`);
  const isNews = await commitAgain(ports.clock, () => note(ports, place, event));
  if (isNews && isBeingTakenAway(event)) await commitAgain(ports.clock, () => drain(ports.store, place));
}

async function note(
  { store, clock }: WatchPorts,
  place: TokenPlace,
  { detail }: EcsTaskEvent,
): Promise<boolean> {
  const key = claimKey(place);
  const item = await store.get<NodeClaim>(key);
  if (item === undefined || item.body.epoch !== place.epoch) return false;
  const known = item.body.ecs;
  // The same event once more: what follows from it may not have been done.
  if (known?.version === detail.version) return true;
  if (known !== undefined && known.version > detail.version) return false;
  const { taskArn, version, lastStatus: status, stopCode, stoppedReason } = detail;
  const ecs = {
    version,
    status,
    ...(stopCode === undefined ? {} : { stopCode }),
    ...(stoppedReason === undefined ? {} : { reason: stoppedReason }),
  };
  const body: NodeClaim = { ...item.body, taskArn, ecs };
  await store.commit([{ ...key, body, ifVersion: item.version, index: claimIndex(clock, key) }]);
  return true;
}

async function drain(store: Store, { jobUid, groupId, seat, epoch }: TokenPlace): Promise<void> {
  const item = await store.get<SeatRecord>(seatKey(jobUid, groupId, seat));
  if (item === undefined || item.body.epoch !== epoch || item.body.state === 'DRAINING') return;
  const group = await store.get<GroupRecord>(groupKey(jobUid, groupId));
  if (group === undefined) return;
  const state = nodeStates.next(item.body.state, 'preempted');
  if (state === undefined) return;
  const changed = aboutToChange(item);
  item.body.state = state;
  await store.commit([seatPut(changed, group.body)]);
}
