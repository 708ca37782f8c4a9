import type { GroupRecord } from '../group/group-record.ts';
import { append, takeFirst } from '../index-runs.ts';
import { nodeStates } from '../node/node-states.ts';
import { type ReservedExit, reservedExitCodes } from '../reserved-exit-codes.ts';
import type { TaskChange } from '../task/task-record.ts';
import { attemptOf, fail } from './end-attempt.ts';
import { unpark } from './parked.ts';
import type { ActiveTask, NodeInfo, SeatRecord } from './seat-record.ts';
import { stopTask } from './stop-seat.ts';

/**
 * Takes all tasks from a node that is gone. Tasks that it had started fail with the reserved code of `cause` and are
 * retried as the group's rules say; tasks that it had not started go back without a trace of an attempt, so that a
 * node that never came up spends nobody's retries. At most `maxChanges` records change; call again while it returns
 * as many. Mutates `seat`.
 */
export function loseTasks(
  seat: SeatRecord,
  group: GroupRecord,
  cause: ReservedExit,
  now: number,
  maxChanges: number,
): TaskChange[] {
  const changes: TaskChange[] = [];
  const kept: ActiveTask[] = [];
  const node = seat.node ?? unknownNode;
  for (const task of seat.active) {
    if (changes.length >= maxChanges) kept.push(task);
    else if (task.startedAt === undefined) giveBack(seat, group, task, now, changes);
    else changes.push(fail(seat, group, task, lost(task, node, cause, now), now));
  }
  seat.active = kept;
  for (const [barrier, runs] of Object.entries(seat.parked)) {
    for (const index of takeFirst(structuredClone(runs), maxChanges - changes.length)) {
      const task = unpark(seat, index, Number(barrier), now);
      changes.push(fail(seat, group, task, lost(task, node, cause, now), now));
    }
  }
  return changes;
}

const unknownNode: NodeInfo = { instance: '', instanceId: '0', zone: 'unknown', machineType: '' };

function lost(task: ActiveTask, node: NodeInfo, cause: ReservedExit, now: number) {
  const { code } = reservedExitCodes[cause];
  return { ...attemptOf(task, node), endedAt: now, exitCode: code };
}

function giveBack(
  seat: SeatRecord,
  group: GroupRecord,
  task: ActiveTask,
  now: number,
  changes: TaskChange[],
): void {
  if (group.stop !== undefined) {
    const change = stopTask(seat, group, { ...task, from: 'ASSIGNED' }, now);
    if (change !== undefined) changes.push(change);
  } else if (task.attempt === 0 && !task.recorded) {
    append(seat.unstarted, task.index);
  } else {
    seat.retries.push({ index: task.index, attempt: task.attempt, recorded: task.recorded });
  }
}

/** Ends the epoch of a node that is gone: its later reports are fenced from here on. Mutates `seat`. */
export function closeEpoch(seat: SeatRecord, now: number): void {
  seat.state = nodeStates.next(seat.state, 'lost') ?? seat.state;
  seat.tokenHash = '';
  seat.pastNodeMs += seat.nodeSince === undefined ? 0 : Math.max(0, now - seat.nodeSince);
  delete seat.nodeSince;
  seat.lossesInARow += 1;
}
