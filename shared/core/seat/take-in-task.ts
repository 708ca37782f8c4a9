import { closedBarrier, type GroupRecord } from '../group/group-record.ts';
import type { Attempt, TaskChange } from '../task/task-record.ts';
import { attemptOf, fail, succeed } from './end-attempt.ts';
import { park, unpark } from './parked.ts';
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

/** What became of a reported task: how the answer names it to the agent. */
export type Verdict = 'KEEP' | 'PARKED' | 'RELEASE' | 'CANCEL';

export interface Taken {
  readonly verdict: Verdict;
  readonly change?: TaskChange;
}

/** Takes in what an agent says of a task that its seat has active. Mutates `seat`; the caller takes it out of `active`. */
export function takeIn(
  seat: SeatRecord,
  group: GroupRecord,
  task: ActiveTask,
  said: TaskReport,
  node: NodeInfo,
  now: number,
): Taken {
  // A custom status event comes from the user's code: whatever state is named with it, the task has begun.
  if (said.state !== 'ASSIGNED' || said.events.length > 0) start(seat, group, task, said, now);
  if (group.stop !== undefined && task.startedAt === undefined) return withdraw(seat, group, task, now);
  if (hasEnded(said)) return end(seat, group, task, said, node, now);
  const attempt = attemptWithEvents(task, said, node);
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

/** A task at a barrier has custom status events to tell, or it ended there: what runs in its background failed. */
export function takeInParked(
  seat: SeatRecord,
  group: GroupRecord,
  barrier: number,
  said: TaskReport,
  node: NodeInfo,
  now: number,
): Taken {
  if (hasEnded(said)) return end(seat, group, unpark(seat, said.index, barrier, now), said, node, now);
  const verdict = group.stop === undefined ? 'PARKED' : 'CANCEL';
  if (said.events.length === 0) return { verdict };
  const { index, attempt } = said;
  const waiting = { index, attempt, recorded: true, assignedAt: now, runnable: barrier };
  const change = attemptWithEvents(waiting, said, node);
  return { verdict, change: { kind: 'events', index, recorded: true, attempt: change } };
}

function hasEnded(said: TaskReport): boolean {
  return said.state === 'SUCCEEDED' || said.state === 'FAILED';
}

function end(
  seat: SeatRecord,
  group: GroupRecord,
  task: ActiveTask,
  said: TaskReport,
  node: NodeInfo,
  now: number,
): Taken {
  // Whatever became of the task, its node is one that can run tasks.
  seat.lossesInARow = 0;
  const attempt = { ...attemptWithEvents(task, said, node), endedAt: said.endedAt ?? now };
  const change =
    said.state === 'SUCCEEDED'
      ? succeed(seat, task, attempt, now)
      : fail(seat, group, task, { ...attempt, exitCode: said.exitCode ?? 50000 }, now);
  return { verdict: 'RELEASE', change };
}

function attemptWithEvents(task: ActiveTask, said: TaskReport, node: NodeInfo): Attempt {
  const attempt = attemptOf(task, node);
  return said.events.length > 0 ? { ...attempt, events: [...said.events] } : attempt;
}

/** A task that its node has not begun when the group is stopped: nothing of it has run in this attempt. */
export function withdraw(seat: SeatRecord, group: GroupRecord, task: ActiveTask, now: number): Taken {
  const change = stopTask(seat, group, { ...task, from: 'ASSIGNED' }, now);
  return change === undefined ? { verdict: 'RELEASE' } : { verdict: 'RELEASE', change };
}

/** With a barrier that cannot be reached, tasks that run may go on as far as a closed barrier. */
function mustEnd(group: GroupRecord, barrier: number): boolean {
  return group.stop?.kind !== 'BARRIER_UNREACHABLE' || barrier > group.reachedBarrier;
}

function start(seat: SeatRecord, group: GroupRecord, task: ActiveTask, said: TaskReport, now: number): void {
  seat.begun = true;
  // A task that began and ended between two reports did not begin after its end.
  task.startedAt ??= said.startedAt ?? Math.min(now, said.endedAt ?? now);
  // Only a task that has failed is past a closed barrier, with what always runs: it has not arrived there.
  const closed = closedBarrier(group);
  const reached = closed !== undefined && said.runnable > closed ? 0 : said.runnable;
  task.runnable = Math.max(task.runnable, reached);
}
