import type { CapacityProvider, NodeLaunch } from '../../shared/core/fargate/node-launch.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupKey, seatKey } from '../../shared/core/keys.ts';
import { whyGivenUp } from '../../shared/core/seat/seat-losses.ts';
import { unfinished } from '../../shared/core/seat/seat-progress.ts';
import { hasNode, type SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Clock, Random } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { stopGroup } from '../advance-jobs/stop-group.ts';
import { makeClaim } from '../claim-node/node-claim.ts';
import { launchNode } from '../run-nodes/launch-node.ts';
import { secondsToWait } from '../run-nodes/launch-turns.ts';
import { loseNode } from '../run-nodes/lose-node.ts';

export interface SeatTurn {
  readonly jobUid: string;
  readonly groupId: string;
  readonly seat: number;
  readonly capacityProvider?: CapacityProvider | undefined;
}

/** Whether the seat is to have a node now, and what that node needs; `later` when it is to have one, and it is not its turn. */
export type OpenedSeat =
  | { readonly launch: true; readonly epoch: number; readonly claim: string; readonly run: NodeRun }
  | { readonly launch: false; readonly later: boolean; readonly waitSeconds: number };

const never: OpenedSeat = { launch: false, later: false, waitSeconds: 0 };

/** What the state machine runs: values of `ecs:runTask`, as ECS writes them. */
export interface NodeRun {
  readonly taskDefinition: string;
  readonly capacityProvider: CapacityProvider;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * Opens the next epoch of a seat, when something is left for a node there. An epoch that was opened before is closed
 * first: its node is gone, or was never started because the answer of an earlier call was lost.
 */
export async function openSeat(
  ports: { store: Store; clock: Clock; random: Random },
  zone: string,
  { jobUid, groupId, seat, capacityProvider = 'FARGATE' }: SeatTurn,
): Promise<OpenedSeat> {
  const { store } = ports;
  const group = (await store.get<GroupRecord>(groupKey(jobUid, groupId)))?.body;
  const load = async () => (await store.get<SeatRecord>(seatKey(jobUid, groupId, seat)))?.body;
  const before = await load();
  if (group === undefined || before === undefined || group.endedAt !== undefined) return never;
  // A node that takes a lost one's place was given its turn when that one was closed.
  if (before.epoch === 0) {
    const launch = { uid: jobUid, name: groupId, at: seat };
    const waitSeconds = await secondsToWait(ports, capacityProvider, launch);
    if (waitSeconds > 0) return { launch: false, later: true, waitSeconds };
  }
  if (hasNode(before)) await loseNode(ports, { jobUid, groupId, seat, epoch: before.epoch }, 'SILENT');
  const record = hasNode(before) ? await load() : before;
  if (record === undefined || unfinished(record) === 0) return never;
  const refusal = whyGivenUp(record);
  if (refusal !== undefined) {
    await stopGroup(ports, jobUid, groupId, {
      kind: 'NODES_LOST',
      seat,
      reason: refusal,
    });
    return never;
  }
  const { launch } = group;
  if (launch === undefined)
    throw new Error(`the plan of ${jobUid}/${groupId} does not say how its nodes run`);
  const { epoch } = await launchNode(ports, group, seat, { zone, machineType: launch.machineType });
  const claim = await makeClaim(ports, { jobUid, groupId, seat, epoch });
  return { launch: true, epoch, claim, run: nodeRun(launch) };
}

function nodeRun({ publicIp, tags, ...launch }: NodeLaunch): NodeRun {
  const { taskDefinition, capacityProvider, subnets, securityGroups } = launch;
  return {
    taskDefinition,
    capacityProvider,
    subnets,
    securityGroups,
    assignPublicIp: publicIp ? 'ENABLED' : 'DISABLED',
    tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}
