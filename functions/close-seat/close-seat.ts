import { classifyNodeEnd, type EcsFailure, type NodeEnd } from '../../shared/aws/ecs-launch-failure.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupKey, seatKey } from '../../shared/core/keys.ts';
import { pauseBeforeNode } from '../../shared/core/seat/seat-losses.ts';
import { unfinished } from '../../shared/core/seat/seat-progress.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { ConflictError, type Item, type Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import type { SeatTurn } from '../open-seat/open-seat.ts';
import { askForTurns } from '../run-nodes/launch-turns.ts';
import { loseNode } from '../run-nodes/lose-node.ts';
import { noteOnRunningJob } from '../run-nodes/note-on-job.ts';

interface ClosePorts {
  readonly store: Store;
  readonly clock: Clock;
}

/** Whether the seat may need another node, and how long to wait before it. */
export interface ClosedSeat {
  readonly again: boolean;
  readonly pauseSeconds: number;
}

/** Before AWS is asked again for what it has refused for a long time. */
const REFUSED_PAUSE = 300;

/**
 * Takes the tasks from a node that is gone while its group goes on, and says so in the job's history. What AWS refused
 * to start is nobody's loss.
 */
export async function closeSeat(
  ports: ClosePorts,
  { jobUid, groupId, seat, epoch, capacityProvider = 'FARGATE' }: SeatTurn & { epoch: number },
  failure?: EcsFailure,
): Promise<ClosedSeat> {
  const { store } = ports;
  const group = await store.get<GroupRecord>(groupKey(jobUid, groupId));
  const before = await loadSeat(store, { jobUid, groupId, seat });
  if (group === undefined || before === undefined || group.body.endedAt !== undefined) return over;
  const end = classifyNodeEnd(failure, capacityProvider);
  await loseNode(ports, { jobUid, groupId, seat, epoch }, end.exit);
  if (!end.counts) await forgiveLoss(ports, { jobUid, groupId, seat }, before.body.lossesInARow);
  if (before.body.epoch === epoch && unfinished(before.body) > 0)
    await noteOnRunningJob(ports, jobUid, historyLine(before.body, end));
  const after = await loadSeat(store, { jobUid, groupId, seat });
  if (after === undefined || unfinished(after.body) === 0) return over;
  const pauseSeconds = end.counts
    ? pauseBeforeNode('fargate', after.body.lossesInARow) / 1000
    : REFUSED_PAUSE;
  const launch = { uid: jobUid, name: `${groupId}/${seat}/${epoch}`, count: 1 };
  const [turn = 0] = await askForTurns(ports, capacityProvider, launch).catch((error: unknown) => {
    // Thousands of nodes that go at once all ask; whoever is not heard goes when its pause is over.
    if (error instanceof ConflictError) return [];
    throw error;
  });
  return { again: true, pauseSeconds: Math.max(pauseSeconds, turn) };
}

const over: ClosedSeat = { again: false, pauseSeconds: 1 };

function historyLine({ node, groupId, active }: SeatRecord, { words }: NodeEnd): string {
  const held = active.length === 0 ? '' : ` with ${active.length} tasks`;
  return `Node ${node?.instance ?? 'unknown'} of ${groupId} ${words}${held}; another one takes its seat.`;
}

/** Puts the count of losses back to what it was before this node. */
function forgiveLoss({ store, clock }: ClosePorts, turn: SeatTurn, losses: number): Promise<void> {
  return commitAgain(clock, async () => {
    const item = await loadSeat(store, turn);
    if (item === undefined || item.body.lossesInARow <= losses) return;
    const body = { ...item.body, lossesInARow: losses };
    await store.commit([{ pk: item.pk, sk: item.sk, body, ifVersion: item.version }]);
  });
}

function loadSeat(store: Store, { jobUid, groupId, seat }: SeatTurn): Promise<Item<SeatRecord> | undefined> {
  return store.get<SeatRecord>(seatKey(jobUid, groupId, seat));
}
