import { failedPrecondition, unauthenticated } from '../../shared/contract/error.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { claimKey, groupKey, seatKey } from '../../shared/core/keys.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { NodeSecrets } from '../../shared/ports/node-secrets.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { matchesHash, newNodeToken, placeOf } from '../state-report/node-token.ts';
import { claimIndex, type NodeClaim } from './node-claim.ts';

/** What a node says of itself when it claims its seat. */
export type NodeSelf = Pick<NodeClaim, 'taskArn' | 'logStream'> & {
  /** The availability zone that it runs in. */
  readonly zone?: string;
};

/** The configuration of an agent, but for the address of the service, which the node knows. */
export interface ClaimedNode {
  readonly parent: string;
  readonly jobId: string;
  readonly taskGroupId: string;
  readonly instance: string;
  readonly instanceId: string;
  readonly zone: string;
  readonly machineType: string;
  readonly token: string;
  /** Runnables of the group are never root. */
  readonly runAsNonRoot?: true;
  /** How long what runs may go on once the node is asked to stop; at once it ends without this. */
  readonly stopGraceMs?: number;
  /** Whether it is Spot capacity, which is preempted when it is asked to stop. */
  readonly isSpot?: boolean;
  /** The secrets that the group's environments name. They stand nowhere but in the answer. */
  readonly secrets: NodeSecrets;
}

export interface ClaimNodePorts {
  readonly store: Store;
  readonly clock: Clock;
  /** Reads the secrets of a group of a project, given a job's uid. Throws UNAVAILABLE when they cannot be read just now. */
  readonly secretsOf: (group: GroupRecord) => Promise<NodeSecrets>;
}

/** Of the two minutes that Spot gives; the rest is for the last report, and for programs that heed no SIGTERM. */
const SPOT_GRACE_MS = 90_000;

/**
 * Exchanges a claim for the configuration of the seat's agent, once. The agent's token is made now and stands nowhere
 * but in the answer. Throws UNAUTHENTICATED for a claim that is none or has been used, and FAILED_PRECONDITION when
 * nothing is left for the node.
 */
export function claimNode(
  { store, clock, secretsOf }: ClaimNodePorts,
  authorization: string | undefined,
  { zone, ...self }: NodeSelf,
): Promise<ClaimedNode> {
  return commitAgain(clock, async () => {
    const place = placeOf(authorization);
    const key = claimKey(place);
    const [claim, seat, group] = await Promise.all([
      store.get<NodeClaim>(key),
      store.get<SeatRecord>(seatKey(place.jobUid, place.groupId, place.seat)),
      store.get<GroupRecord>(groupKey(place.jobUid, place.groupId)),
    ]);
    const hash = claim?.body.hash;
    if (claim === undefined || hash === undefined || !matchesHash(place.token, hash)) {
      throw unauthenticated('this is no claim to a seat, or it has been used');
    }
    const made = seat?.body.node;
    if (seat === undefined || made === undefined || group === undefined || seat.body.epoch !== place.epoch) {
      throw failedPrecondition(`seat ${place.seat} has another node by now, or its job is gone: stop`);
    }
    if (seat.body.tokenHash === '') throw failedPrecondition('the epoch of this node is over: stop');
    const node = zone === undefined ? made : { ...made, zone };
    const { hash: _, ...unclaimed } = claim.body;
    // Before the claim is used up: a node that was refused just now may ask again.
    const secrets = await secretsOf(group.body);
    const { token, hash: tokenHash } = newNodeToken(place);
    await store.commit([
      {
        ...key,
        body: { ...unclaimed, ...self, instanceId: node.instanceId },
        ifVersion: claim.version,
        index: claimIndex(clock, key),
      },
      { pk: seat.pk, sk: seat.sk, body: { ...seat.body, node, tokenHash }, ifVersion: seat.version },
    ]);
    const { project, location, jobId, groupId } = group.body;
    const parent = `projects/${project}/locations/${location}`;
    const isSpot = group.body.launch?.capacityProvider === 'FARGATE_SPOT';
    const spot = isSpot ? { isSpot, stopGraceMs: SPOT_GRACE_MS } : {};
    const nonRoot = group.body.runAsNonRoot ? { runAsNonRoot: true as const } : {};
    return { parent, jobId, taskGroupId: groupId, ...node, ...nonRoot, ...spot, token, secrets };
  });
}
