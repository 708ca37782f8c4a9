import {
  closedBarrier,
  type GroupRecord,
  type StopCause,
  stageOf,
} from '../../shared/core/group/group-record.ts';
import { moveJob } from '../../shared/core/job/job-events.ts';
import { groupKey, seatKey } from '../../shared/core/keys.ts';
import { type GroupProgress, groupProgress, unfinished } from '../../shared/core/seat/seat-progress.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { stopSeat } from '../../shared/core/seat/stop-seat.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import type { Workflow } from '../../shared/ports/workflow.ts';
import { commitAgain } from '../commit-again.ts';
import { loadJobHead, loadSeats } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';
import { commitSeat, SEAT_WRITES } from '../write-seat.ts';
import { takeTurn } from './take-turn.ts';

export interface AdvancePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly workflow: Workflow;
}

/**
 * Moves a group on as far as its seats allow: the job is RUNNING once a task has started, a barrier opens once every
 * task has reached it, a group that is to stop is stopped, and one without tasks left has ended. Everything is derived
 * from the records, so it may be called at any time and as often as one likes.
 */
export async function advanceGroup(ports: AdvancePorts, jobUid: string, groupId: string): Promise<void> {
  const { store, clock, workflow } = ports;
  const item = await store.get<GroupRecord>(groupKey(jobUid, groupId));
  if (item === undefined) return;
  if (item.body.endedAt !== undefined) return workflow.groupEnded(jobUid, groupId);
  if (!(await takeTurn(ports, item))) return;
  const seats = await loadSeats(store, item.body);
  const progress = groupProgress(
    seats.map((seat) => seat.body),
    closedBarrier(item.body),
  );
  if (progress.begun) await beginJob(ports, jobUid);
  const next = nextStep(item.body, progress);
  if (next?.kind === 'stop' || item.body.stop !== undefined) {
    if (next?.kind === 'stop') await stopGroup(ports, jobUid, groupId, next.cause);
    else for (const seat of seats) await stopOneSeat(ports, seat.body);
    if (next?.kind !== 'end') return;
  }
  if (next?.kind === 'open') {
    const { stage } = stageOf(item.body);
    await store.commit([
      { ...item, body: { ...item.body, reachedBarrier: next.barrier }, ifVersion: item.version },
    ]);
    await workflow.stageEnded(jobUid, groupId, stage);
  } else if (next?.kind === 'end') {
    await store.commit([{ ...item, body: { ...item.body, endedAt: clock.now() }, ifVersion: item.version }]);
    await workflow.groupEnded(jobUid, groupId);
  }
}

type Step = { kind: 'open'; barrier: number } | { kind: 'stop'; cause: StopCause } | { kind: 'end' };

/** What a group that runs has come to; undefined while it just goes on. */
export function nextStep(group: GroupRecord, progress: GroupProgress): Step | undefined {
  if (progress.unfinished === 0) return { kind: 'end' };
  if (group.stop !== undefined) return undefined;
  const barrier = closedBarrier(group);
  if (progress.failure !== undefined) {
    const task = progress.failure.index;
    if (group.failFast) return { kind: 'stop', cause: { kind: 'FAIL_FAST', task } };
    if (barrier !== undefined) return { kind: 'stop', cause: { kind: 'BARRIER_UNREACHABLE', task } };
  }
  if (barrier !== undefined && progress.awaited === 0) return { kind: 'open', barrier };
  return undefined;
}

/** Writes why a group stops, once, and ends all of it that is not running. */
export async function stopGroup(
  ports: AdvancePorts,
  jobUid: string,
  groupId: string,
  cause: StopCause,
): Promise<void> {
  const group = await commitAgain(ports.clock, async () => {
    const item = await ports.store.get<GroupRecord>(groupKey(jobUid, groupId));
    if (item === undefined || item.body.endedAt !== undefined) return undefined;
    // A cancellation overrides a barrier that cannot be reached, for it kills what still runs.
    if (item.body.stop !== undefined && item.body.stop.kind !== 'BARRIER_UNREACHABLE') return item.body;
    if (item.body.stop?.kind === cause.kind) return item.body;
    const body = { ...item.body, stop: cause };
    await ports.store.commit([{ ...item, body, ifVersion: item.version }]);
    return body;
  });
  if (group === undefined) return;
  for (const seat of await loadSeats(ports.store, group)) await stopOneSeat(ports, seat.body);
}

/** Ends all of a seat that is not running; afterwards the seat is looked at again through the change feed. */
async function stopOneSeat(
  { store, clock }: AdvancePorts,
  { jobUid, groupId, seat }: SeatRecord,
): Promise<void> {
  let more = true;
  while (more) {
    more = await commitAgain(clock, async () => {
      const group = await store.get<GroupRecord>(groupKey(jobUid, groupId));
      const item = await loadSeat(store, jobUid, groupId, seat);
      if (group === undefined || item === undefined) return false;
      const left = unfinished(item.body);
      if (left === item.body.active.length) return false;
      const changes = stopSeat(item.body, group.body, clock.now(), store.maxWrites - SEAT_WRITES);
      await commitSeat(store, item, changes);
      return unfinished(item.body) > item.body.active.length;
    });
  }
}

function loadSeat(
  store: Store,
  uid: string,
  groupId: string,
  seat: number,
): Promise<Item<SeatRecord> | undefined> {
  return store.get<SeatRecord>(seatKey(uid, groupId, seat));
}

async function beginJob({ store, clock }: AdvancePorts, uid: string): Promise<void> {
  await commitAgain(clock, async () => {
    const job = await loadJobHead(store, uid);
    if (job?.body.state !== 'SCHEDULED') return;
    moveJob(job.body, 'task-started', clock.now());
    await store.commit([jobWrite(job)]);
  });
}
