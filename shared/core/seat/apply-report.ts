import type { GroupRecord } from '../group/group-record.ts';
import { has } from '../index-runs.ts';
import { nodeStates } from '../node/node-states.ts';
import { exitOfStoppedNode } from '../reserved-exit-codes.ts';
import type { TaskChange } from '../task/task-record.ts';
import { loseTasks } from './lose-node.ts';
import type { ActiveTask, NodeInfo, SeatRecord } from './seat-record.ts';
import { stopSeat } from './stop-seat.ts';
import { type Taken, type TaskReport, takeIn, takeInParked, type Verdict, withdraw } from './take-in-task.ts';

export type { TaskReport, Verdict } from './take-in-task.ts';

export interface AgentReport {
  readonly node: NodeInfo;
  readonly stopped: boolean;
  readonly preempted: boolean;
  readonly tasks: readonly TaskReport[];
}

export interface AppliedReport {
  readonly changes: TaskChange[];
  /** One verdict a reported task, in the report's order; undefined where it was left for the next report. */
  readonly verdicts: (Verdict | undefined)[];
}

/**
 * Takes a report into its seat: what started, what came to a barrier, what ended. Everything in a report may be said
 * twice, late or out of order: a task that the seat does not hold in that attempt is answered RELEASE and changes
 * nothing. At most `maxChanges` task records change; the agent reports the rest again. Mutates `seat`.
 */
export function applyReport(
  seat: SeatRecord,
  group: GroupRecord,
  report: AgentReport,
  now: number,
  maxChanges: number,
): AppliedReport {
  seat.state = nodeStates.next(seat.state, 'reported') ?? seat.state;
  if (report.preempted) seat.state = nodeStates.next(seat.state, 'preempted') ?? seat.state;
  seat.node = report.node;
  seat.lastReportAt = now;

  const active = new Map(seat.active.map((task) => [task.index, task]));
  const changes: TaskChange[] = [];
  const verdicts = report.tasks.map((said): Verdict | undefined => {
    if (changes.length >= maxChanges) return undefined;
    const { verdict, change } = takeOne(seat, group, active, said, report.node, now);
    if (change !== undefined) changes.push(change);
    return verdict;
  });
  if (group.stop !== undefined) {
    withdrawUnlisted(seat, group, active, report, now, changes, maxChanges);
    // What an earlier report left that did not know of the stop yet.
    changes.push(...stopSeat(seat, group, now, maxChanges - changes.length));
  }
  seat.active = [...active.values()];
  if (report.stopped)
    changes.push(
      ...loseTasks(seat, group, exitOfStoppedNode(report.preempted), now, maxChanges - changes.length),
    );
  return { changes, verdicts };
}

function takeOne(
  seat: SeatRecord,
  group: GroupRecord,
  active: Map<number, ActiveTask>,
  said: TaskReport,
  node: NodeInfo,
  now: number,
): Taken {
  const task = active.get(said.index);
  if (task?.attempt === said.attempt) {
    const taken = takeIn(seat, group, task, said, node, now);
    if (taken.verdict === 'RELEASE' || taken.verdict === 'PARKED') active.delete(said.index);
    return taken;
  }
  const barrier = barrierOf(seat, said);
  return barrier === undefined ? { verdict: 'RELEASE' } : takeInParked(seat, group, barrier, said, node, now);
}

/** The barrier at which a reported task waits in that attempt. */
function barrierOf(seat: SeatRecord, said: TaskReport): number | undefined {
  if ((seat.parkedAttempts[said.index] ?? 0) !== said.attempt) return undefined;
  return Object.keys(seat.parked)
    .map(Number)
    .find((barrier) => has(seat.parked[barrier] ?? [], said.index));
}

/** What an answer gave that never reached the agent: it need not begin what would be stopped at once. */
function withdrawUnlisted(
  seat: SeatRecord,
  group: GroupRecord,
  active: Map<number, ActiveTask>,
  report: AgentReport,
  now: number,
  changes: TaskChange[],
  maxChanges: number,
): void {
  const listed = new Set(report.tasks.map((said) => said.index));
  for (const task of active.values()) {
    if (changes.length >= maxChanges) return;
    if (task.startedAt !== undefined || listed.has(task.index)) continue;
    const { change } = withdraw(seat, group, task, now);
    if (change !== undefined) changes.push(change);
    active.delete(task.index);
  }
}
