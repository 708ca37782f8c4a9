import type { GroupRecord } from '../group/group-record.ts';
import { closedBarrier } from '../group/group-record.ts';
import { size } from '../index-runs.ts';
import type { NodeStateName } from '../node/node-states.ts';
import type { SeatRecord } from './seat-record.ts';

/** What of a seat its group depends on. */
export interface Standing {
  readonly begun: boolean;
  readonly failed: boolean;
  readonly state: NodeStateName;
  /**
   * The runnable that every unfinished task of the seat has begun at least: 0 while one has still to start, a barrier's
   * position while all wait there or are past it, Infinity when none is left.
   */
  readonly reach: number;
}

export function standingOf(seat: SeatRecord): Standing {
  const { begun, firstFailure, state } = seat;
  return { begun, failed: firstFailure !== undefined, state, reach: reachOf(seat) };
}

function reachOf({ unstarted, retries, active, parked }: SeatRecord): number {
  if (retries.length > 0 || size(unstarted) > 0) return 0;
  let reach = Number.POSITIVE_INFINITY;
  for (const { runnable } of active) reach = Math.min(reach, runnable);
  for (const barrier of Object.keys(parked)) reach = Math.min(reach, Number(barrier));
  return reach;
}

/**
 * Whether the change of a seat can move its group on. A barrier opens, and a group ends, with the change by which the last
 * seat comes so far; so only changes by which a seat comes as far as a barrier, or to its end, are worth a look at the
 * others. `group` may be as it was some time ago: what of it is asked only ever becomes narrower.
 */
export function movesGroup(
  before: Standing | undefined,
  after: Standing,
  group: Pick<GroupRecord, 'barriers' | 'reachedBarrier' | 'failFast' | 'begunAt'>,
): boolean {
  if (before === undefined) return false;
  if (after.begun && !before.begun && group.begunAt === undefined) return true;
  if (after.failed && !before.failed && (group.failFast || closedBarrier(group) !== undefined)) return true;
  // What a lost node leaves may have to be stopped with its group.
  if (after.state === 'LOST' && before.state !== 'LOST') return true;
  return milestones(after.reach, group.barriers) > milestones(before.reach, group.barriers);
}

/** Barriers that a seat has come to, and one more for its end. */
function milestones(reach: number, barriers: readonly number[]): number {
  return barriers.filter((barrier) => barrier <= reach).length + (reach === Number.POSITIVE_INFINITY ? 1 : 0);
}
