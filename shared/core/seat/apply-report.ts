import type { GroupRecord } from '../group/group-record.ts';
import { has } from '../index-runs.ts';
import { nodeStates } from '../node/node-states.ts';
import type { TaskChange } from '../task/task-record.ts';
import { attemptOf, fail, succeed } from './end-attempt.ts';
import { loseTasks } from './lose-node.ts';
import { park } from './parked.ts';
import type { ActiveTask, NodeInfo, SeatRecord } from './seat-record.ts';
import { stopTask } from './stop-seat.ts';

/** What an agent says of one of its tasks, out of the wire's form. Times are epoch milliseconds. */
export interface TaskReport {
  readonly index: number;
  readonly attempt: number;
  readonly state: 'ASSIGNED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  readonly runnable: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly exitCode?: number;
  readonly events: readonly [at: number, description: string][];
}

export interface AgentReport {
  readonly node: NodeInfo;
  readonly stopped: boolean;
  readonly preempted: boolean;
  readonly tasks: readonly TaskReport[];
}

/** What became of a reported task: how the answer names it to the agent. */
export type Verdict = 'KEEP' | 'PARKED' | 'RELEASE' | 'CANCEL';

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
    const task = active.get(said.index);
    if (task === undefined || task.attempt !== said.attempt) return verdictOnOther(seat, group, said);
    if (changes.length >= maxChanges) return undefined;
    const { verdict, change } = takeIn(seat, group, task, said, report.node, now);
    if (change !== undefined) changes.push(change);
    if (verdict === 'RELEASE' || verdict === 'PARKED') active.delete(said.index);
    return verdict;
  });
  seat.active = [...active.values()];
  if (report.stopped)
    changes.push(
      ...loseTasks(seat, group, report.preempted ? 'PREEMPTED' : 'SILENT', now, maxChanges - changes.length),
    );
  return { changes, verdicts };
}

function verdictOnOther(seat: SeatRecord, group: GroupRecord, said: TaskReport): Verdict {
  const parked = Object.values(seat.parked).some((runs) => has(runs, said.index));
  const attempt = seat.parkedAttempts[said.index] ?? 0;
  if (!parked || attempt !== said.attempt) return 'RELEASE';
  return group.stop === undefined ? 'PARKED' : 'CANCEL';
}

function takeIn(
  seat: SeatRecord,
  group: GroupRecord,
  task: ActiveTask,
  said: TaskReport,
  node: NodeInfo,
  now: number,
): { verdict: Verdict; change?: TaskChange } {
  if (said.state !== 'ASSIGNED') start(seat, task, said, now);
  if (group.stop !== undefined && task.startedAt === undefined) return withdraw(seat, group, task, now);
  const known = attemptOf(task, node);
  const attempt = said.events.length > 0 ? { ...known, events: [...said.events] } : known;
  const endedAt = said.endedAt ?? now;
  if (said.state === 'SUCCEEDED') {
    return { verdict: 'RELEASE', change: succeed(seat, task, { ...attempt, endedAt }, now) };
  }
  if (said.state === 'FAILED') {
    const exitCode = said.exitCode ?? 50000;
    return { verdict: 'RELEASE', change: fail(seat, group, task, { ...attempt, endedAt, exitCode }, now) };
  }
  const kill = group.stop !== undefined;
  const barrier = group.barriers.includes(task.runnable) ? task.runnable : 0;
  if (barrier > group.reachedBarrier && !kill) {
    park(seat, task, barrier);
    return {
      verdict: 'PARKED',
      change: { kind: 'parked', index: task.index, recorded: task.recorded, attempt },
    };
  }
  const verdict = kill && mustEnd(group, barrier) ? 'CANCEL' : 'KEEP';
  if (said.events.length === 0) return { verdict };
  const { recorded } = task;
  task.recorded = true;
  return { verdict, change: { kind: 'events', index: task.index, recorded, attempt } };
}

/** A task that its node has not begun when the group is stopped: nothing of it has run in this attempt. */
function withdraw(
  seat: SeatRecord,
  group: GroupRecord,
  task: ActiveTask,
  now: number,
): { verdict: Verdict; change?: TaskChange } {
  const change = stopTask(seat, group, { ...task, from: 'ASSIGNED' }, now);
  return change === undefined ? { verdict: 'RELEASE' } : { verdict: 'RELEASE', change };
}

/** With a barrier that cannot be reached, tasks that run may go on as far as a closed barrier. */
function mustEnd(group: GroupRecord, barrier: number): boolean {
  return group.stop?.kind !== 'BARRIER_UNREACHABLE' || barrier > group.reachedBarrier;
}

function start(seat: SeatRecord, task: ActiveTask, said: TaskReport, now: number): void {
  seat.begun = true;
  task.startedAt ??= said.startedAt ?? now;
  task.runnable = Math.max(task.runnable, said.runnable);
}
