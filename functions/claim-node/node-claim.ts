import { limits } from '../../shared/contract/limits.ts';
import { claimKey, expiryIndex } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Key, Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { newNodeToken, type TokenPlace } from '../state-report/node-token.ts';

/** What a node may claim, once, and what it said of itself when it did. The newest of a seat takes the place of the one before. */
export interface NodeClaim {
  readonly epoch: number;
  /** SHA-256 of the claim; gone once it has been used. */
  readonly hash?: string;
  /** The ECS task that runs the node. */
  readonly taskArn?: string;
  /** Where its output goes. */
  readonly logStream?: string;
  readonly instanceId?: string;
  /** Nodes that this seat had before, the oldest first: their output is still to be read. */
  readonly earlier?: readonly PastNode[];
  /** The newest of what ECS has said of that task. */
  readonly ecs?: {
    readonly version: number;
    readonly status: string;
    readonly stopCode?: string;
    readonly reason?: string;
  };
}

/** What is remembered of a node that is gone. */
export interface PastNode {
  readonly instanceId: string;
  readonly logStream: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** When a claim's record is forgotten: no node outlives its job's longest run. */
export function claimIndex(clock: Clock, { pk, sk }: Key) {
  return expiryIndex(clock.now() + limits.runMs + DAY_MS, `${pk}#${sk}`);
}

/**
 * Makes a claim for the node of an epoch. The claim stands in the node's environment, where the programs that it runs
 * can read it; so it is good for one use, and what it is exchanged for goes to the agent alone.
 */
export function makeClaim(
  { store, clock }: { store: Store; clock: Clock },
  place: TokenPlace,
): Promise<string> {
  const { token: claim, hash } = newNodeToken(place);
  const key = claimKey(place);
  return commitAgain(clock, async () => {
    const old = await store.get<NodeClaim>(key);
    const earlier = nodesSoFar(old?.body);
    const body: NodeClaim = { epoch: place.epoch, hash, ...(earlier.length > 0 ? { earlier } : {}) };
    await store.commit([{ ...key, body, ifVersion: old?.version ?? 0, index: claimIndex(clock, key) }]);
    return claim;
  });
}

/** All nodes of a seat whose output is known. A seat has a hundred nodes at most, so their list is short. */
export function nodesSoFar(claim: NodeClaim | undefined): PastNode[] {
  const { instanceId, logStream, earlier = [] } = claim ?? {};
  return [...earlier, ...(instanceId && logStream ? [{ instanceId, logStream }] : [])];
}
