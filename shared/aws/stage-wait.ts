import { limits } from '../contract/limits.ts';
import { type GroupRecord, stageOf } from '../core/group/group-record.ts';
import { expiryIndex, groupKey, stageWaitKey } from '../core/keys.ts';
import type { Clock } from '../ports/clock.ts';
import { removal } from '../ports/removal.ts';
import type { Store } from '../ports/store.ts';
import { unlessChanged } from '../ports/unless-changed.ts';

/** What waits in the state machine for a stage of a group to end. No consumer of the feed is called for it. */
interface StageWait {
  readonly stage: number;
  readonly token: string;
}

/**
 * Where a group stands, as the state machine keeps it: the stage it is in, from 1, and 0 while it waits for others of its
 * job; `more` is whether there is a stage to wait for.
 */
export interface StageNow {
  readonly stage: number;
  readonly more: boolean;
}

export interface StageWaitPorts {
  readonly store: Store;
  readonly clock: Clock;
  /** Answers a task token; nothing happens when nobody waits with it any more. */
  readonly answer: (token: string, output: StageNow) => Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Remembers the token of a stage, then looks whether the stage has ended. Whoever ends one writes the group first and
 * looks for a token then: so one of the two sees the other, whatever comes between.
 */
export async function waitForStage(
  ports: StageWaitPorts,
  wait: { jobUid: string; groupId: string; stage: number; token: string },
): Promise<void> {
  const { jobUid, groupId, stage, token } = wait;
  const key = stageWaitKey(jobUid, groupId);
  const old = await ports.store.get<StageWait>(key);
  const index = expiryIndex(ports.clock.now() + limits.runMs + DAY_MS, `${key.pk}#${key.sk}`);
  const body: StageWait = { stage, token };
  await ports.store.commit([{ ...key, body, ifVersion: old?.version ?? 0, index }]);
  await answerStage(ports, jobUid, groupId);
}

/** Answers whoever waits for a stage that has ended. May be called at any time and as often as one likes. */
export async function answerStage(ports: StageWaitPorts, jobUid: string, groupId: string): Promise<void> {
  const { store } = ports;
  const wait = await store.get<StageWait>(stageWaitKey(jobUid, groupId));
  if (wait === undefined) return;
  const group = await store.get<GroupRecord>(groupKey(jobUid, groupId));
  const now = stageNow(group?.body, wait.body.stage);
  if (now.more && now.stage <= wait.body.stage) return;
  await ports.answer(wait.body.token, now);
  // Somebody else may have answered too, or another wait may have come in its place.
  await unlessChanged(store.commit([removal(wait)]));
}

/** A group that is gone or has ended has no stage left; one that waits for others of its job has not begun the first. */
function stageNow(group: GroupRecord | undefined, stage: number): StageNow {
  if (group === undefined || group.endedAt !== undefined) return { stage, more: false };
  return { stage: group.waitsFor === undefined ? stageOf(group).stage : 0, more: true };
}
