import { type GroupRecord, stageOf } from '../../shared/core/group/group-record.ts';
import { nextStep, type Step, stopCause } from '../../shared/core/group/next-step.ts';
import { moveJob } from '../../shared/core/job/job-events.ts';
import { groupKey } from '../../shared/core/keys.ts';
import { groupProgress } from '../../shared/core/seat/seat-progress.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { movesGroup, standingOf } from '../../shared/core/seat/standing.ts';
import type { Clock, Random } from '../../shared/ports/clock.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import type { Workflow } from '../../shared/ports/workflow.ts';
import { loadJobHead } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';
import { lookAtAll, lookForHolder } from './look-at-seats.ts';
import { stopGroup, stopSeats } from './stop-group.ts';
import { takeTurn } from './take-turn.ts';

export interface AdvancePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly workflow: Workflow;
}

/** A record before and after a change. */
export interface Changed<Body> {
  readonly before?: Body | undefined;
  readonly after: Body;
}

/** What a batch of the change feed says of one group. */
export interface GroupNews {
  readonly group?: Changed<GroupRecord>;
  readonly seats: readonly Changed<SeatRecord>[];
  /** A group that this one may wait for has ended. */
  readonly awaitedEnded?: boolean;
}

/**
 * Moves a group on as far as its seats allow: the job is RUNNING once a task has started, a barrier opens once every
 * task has reached it, a group that is to stop is stopped, and one without tasks left has ended. Everything is derived
 * from the records, so it may be called at any time and as often as one likes; ConflictError when others write them.
 *
 * With `news` it looks only as far as these ask for: at no seat where they cannot move the group, else until one seat is
 * found that holds the group back. Without, it looks at all seats.
 */
export async function advanceGroup(
  ports: AdvancePorts,
  jobUid: string,
  groupId: string,
  news?: GroupNews,
): Promise<void> {
  const { store, workflow } = ports;
  const item = await store.get<GroupRecord>(groupKey(jobUid, groupId));
  if (item === undefined) return;
  if (news?.group !== undefined) await tellAgain(workflow, news.group);
  if (item.body.endedAt !== undefined) {
    if (news === undefined || news.group !== undefined) await workflow.groupEnded(jobUid, groupId);
    return;
  }
  const moved = (news?.seats ?? [])
    .filter(({ before, after }) => movesGroup(before && standingOf(before), standingOf(after), item.body))
    .map(({ after }) => after);
  if (news !== undefined && !isLookWorth(news, moved)) return;
  if (!(await takeTurn(ports, item))) return;
  const isWide = news === undefined || isStop(news.group);
  const look = await (isWide ? lookAtAll(store, item.body) : lookForHolder(ports, item.body));
  const seen = look.seats.map(({ body }) => body);
  await moveOn(ports, item, [...moved, ...seen], look.whole ? seen : undefined);
}

function isLookWorth({ group, awaitedEnded = false }: GroupNews, moved: readonly SeatRecord[]): boolean {
  if (moved.length > 0 || awaitedEnded || isStop(group)) return true;
  return (
    group !== undefined &&
    (group.before?.reachedBarrier !== group.after.reachedBarrier ||
      group.before.waitsFor?.length !== group.after.waitsFor?.length)
  );
}

/** Whoever stopped the group may have been cut off before all its seats were. */
function isStop(group: GroupNews['group']): boolean {
  return group !== undefined && group.after.stop?.kind !== group.before?.stop?.kind;
}

/** `known`: seats as they are or were; `all`: all of them as they are, when they have been looked at. */
async function moveOn(
  ports: AdvancePorts,
  read: Item<GroupRecord>,
  known: readonly SeatRecord[],
  all: readonly SeatRecord[] | undefined,
): Promise<void> {
  const { jobUid, groupId } = read.body;
  const { begun, failure } = groupProgress(known);
  const item = begun && read.body.begunAt === undefined ? await begin(ports, read) : read;
  const cause = stopCause(item.body, failure);
  if (cause !== undefined) return stopGroup(ports, jobUid, groupId, cause);
  if (item.body.stop !== undefined) await stopSeats(ports, known);
  const step = all === undefined ? undefined : nextStep(item.body, all);
  if (step !== undefined) await take(ports, item, step, all ?? []);
}

async function take(
  { store, clock, workflow }: AdvancePorts,
  item: Item<GroupRecord>,
  step: Step,
  seats: readonly SeatRecord[],
): Promise<void> {
  const { jobUid, groupId } = item.body;
  const write = (change: Partial<GroupRecord>) =>
    store.commit([{ ...item, body: { ...item.body, ...change }, ifVersion: item.version }]);
  if (step.kind === 'open') {
    await write({ reachedBarrier: step.barrier });
    await workflow.stageEnded(jobUid, groupId, stageOf(item.body).stage);
  } else {
    await write({ endedAt: clock.now(), counts: groupProgress(seats).counts });
    await workflow.groupEnded(jobUid, groupId);
  }
}

/** Whoever wrote the group may have been cut off before the workflow heard of it. */
async function tellAgain(workflow: Workflow, { before, after }: Changed<GroupRecord>): Promise<void> {
  const { jobUid, groupId } = after;
  if (before === undefined) return;
  if (before.reachedBarrier !== after.reachedBarrier)
    await workflow.stageEnded(jobUid, groupId, stageOf(before).stage);
  if (before.waitsFor !== undefined && after.waitsFor === undefined)
    await workflow.groupReady(jobUid, groupId);
}

/** The first task of the group has started, and with the first group its job runs. */
async function begin({ store, clock }: AdvancePorts, item: Item<GroupRecord>): Promise<Item<GroupRecord>> {
  const body = { ...item.body, begunAt: clock.now() };
  const job = await loadJobHead(store, body.jobUid);
  const isFirst = job?.body.state === 'SCHEDULED';
  if (isFirst) moveJob(job.body, 'task-started', clock.now());
  await store.commit([{ ...item, body, ifVersion: item.version }, ...(isFirst ? [jobWrite(job)] : [])]);
  return { ...item, body, version: item.version + 1 };
}
