import type { NodeStateName } from '../node/node-states.ts';
import type { SeatRecord } from '../seat/seat-record.ts';
import type { NodeStep } from './state-step.ts';

/** The moves of the node in a seat. A subject is one epoch of the seat. */
export function nodeSteps(before: SeatRecord | undefined, after: SeatRecord | undefined): NodeStep[] {
  if (before === undefined || after === undefined || before.state === after.state) return [];
  const { state: from } = before;
  const { state: to } = after;
  if (to === 'STARTING') return [nodeStep(after, from, to, after.nodeSince ?? 0)];
  if (to === 'LOST')
    return [{ ...nodeStep(after, from, to, lostAt(before, after)), since: before.nodeSince ?? 0 }];
  const at = after.lastReportAt ?? after.nodeSince ?? 0;
  // A first report can bring the notice with it.
  if (from === 'STARTING' && to === 'DRAINING')
    return [nodeStep(after, from, 'RUNNING', at), nodeStep(after, 'RUNNING', to, at)];
  return [nodeStep(after, from, to, at)];
}

export function nodeStep(seat: SeatRecord, from: NodeStateName, to: NodeStateName, at: number): NodeStep {
  const { jobUid, groupId, epoch, node, slots, nodeSince } = seat;
  return {
    kind: 'node',
    jobUid,
    groupId,
    seat: seat.seat,
    epoch,
    at,
    from,
    to,
    node,
    slots,
    since: nodeSince ?? at,
  };
}

/** An epoch that is closed leaves only for how long its node was up. */
function lostAt(before: SeatRecord, after: SeatRecord): number {
  return (before.nodeSince ?? 0) + after.pastNodeMs - before.pastNodeMs;
}
