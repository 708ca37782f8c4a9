import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { seatKey } from '../../shared/core/keys.ts';
import { nodeStates } from '../../shared/core/node/node-states.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Clock, Random } from '../../shared/ports/clock.ts';
import type { NodeRequest } from '../../shared/ports/node-launcher.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { newNodeToken } from '../state-report/node-token.ts';
import { aboutToChange, seatPut } from '../write-seat.ts';

/** What the machines of a deployment are called. */
export interface NodePlace {
  readonly zone: string;
  readonly machineType: string;
}

/** Opens the next epoch of a seat and returns what its node has to know; from here on older nodes are fenced off. */
export function launchNode(
  { store, clock, random }: { store: Store; clock: Clock; random: Random },
  group: GroupRecord,
  seat: number,
  place: NodePlace,
): Promise<NodeRequest> {
  return commitAgain(clock, async () => {
    const item = await store.get<SeatRecord>(seatKey(group.jobUid, group.groupId, seat));
    if (item === undefined)
      throw new Error(`seat ${seat} of ${group.jobUid}/${group.groupId} does not exist`);
    const changed = aboutToChange(item);
    const record = item.body;
    record.epoch += 1;
    record.state = nodeStates.move(record.state, 'launched');
    const { token, hash } = newNodeToken({ ...record, seat });
    record.tokenHash = hash;
    record.nodeSince = clock.now();
    delete record.lastReportAt;
    const instance = `${group.jobUid}-${group.groupId}-${seat}-${letters(random)}`;
    const node = { instance, instanceId: digits(random), ...place };
    record.node = node;
    await store.commit([seatPut(changed, group)]);
    const { jobUid, groupId, jobId } = group;
    const parent = `projects/${group.project}/locations/${group.location}`;
    return {
      ...{ parent, jobId, jobUid, groupId, seat, epoch: record.epoch, ...node, slots: record.slots, token },
      ...(group.runAsNonRoot ? { runAsNonRoot: true } : {}),
    };
  });
}

/** Four characters, as the service ends instance names. */
function letters(random: Random): string {
  return Array.from(
    { length: 4 },
    () => 'abcdefghijklmnopqrstuvwxyz0123456789'[Math.floor(random() * 36)],
  ).join('');
}

/** A numeric instance id of nineteen digits that does not begin with 0. */
function digits(random: Random): string {
  return Array.from(
    { length: 19 },
    (_, at) => Math.floor(random() * (at === 0 ? 9 : 10)) + (at === 0 ? 1 : 0),
  ).join('');
}
