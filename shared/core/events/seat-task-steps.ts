import { has } from '../index-runs.ts';
import type { ActiveTask, SeatRecord } from '../seat/seat-record.ts';
import type { TaskStep } from './state-step.ts';

/**
 * The moves of tasks that a seat's record tells: given to its node, started there, taken back before they started. How an
 * attempt ended stands in the task's own record (`task-record-steps.ts`), and so does the start of one that began and
 * ended, or came to a barrier, between two reports: no seat has ever shown it.
 */
export function seatTaskSteps(before: SeatRecord | undefined, after: SeatRecord | undefined): TaskStep[] {
  if (before === undefined || after === undefined) return [];
  const steps: TaskStep[] = [];
  const was = new Map(before.active.map((task) => [task.index, task]));
  for (const task of after.active) {
    const held = was.get(task.index);
    const known = held?.attempt === task.attempt ? held : undefined;
    if (known === task || known?.startedAt !== undefined || wasParked(before, task, known)) continue;
    if (known === undefined) steps.push(assigned(after, task));
    if (task.startedAt !== undefined) steps.push(started(after, task, task.startedAt));
  }
  const is = new Map(after.active.map((task) => [task.index, task]));
  for (const task of before.active) {
    if (task.startedAt !== undefined || is.get(task.index)?.attempt === task.attempt) continue;
    if (isBack(after, task)) steps.push(returned(after, task));
  }
  return steps;
}

/** Attempts that the change shows as started, now or before: whatever comes after it need not tell that. */
export function startsShownBySeat(
  before: SeatRecord | undefined,
  after: SeatRecord | undefined,
): ActiveTask[] {
  const shown = [...(before?.active ?? []), ...(after?.active ?? [])];
  return shown.filter((task) => task.startedAt !== undefined);
}

/** A task that comes from a barrier runs all the while. */
function wasParked(before: SeatRecord, task: ActiveTask, known: ActiveTask | undefined): boolean {
  if (known !== undefined || (before.parkedAttempts[task.index] ?? 0) !== task.attempt) return false;
  return Object.values(before.parked).some((runs) => has(runs, task.index));
}

function isBack(after: SeatRecord, { index, attempt }: ActiveTask): boolean {
  if (after.retries.some((retry) => retry.index === index && retry.attempt === attempt)) return true;
  return attempt === 0 && has(after.unstarted, index);
}

function assigned(seat: SeatRecord, task: ActiveTask): TaskStep {
  const { index, assignedAt } = task;
  return { ...place(seat, task), index, at: assignedAt, from: 'PENDING', to: 'ASSIGNED', assignedAt };
}

/** The very fields that the task's own record has of the same attempt, so that both would give the same event. */
function started(seat: SeatRecord, task: ActiveTask, startedAt: number): TaskStep {
  const { jobUid, groupId, node } = seat;
  const { index, attempt, assignedAt } = task;
  const instanceId = node?.instanceId ?? '';
  return {
    kind: 'task',
    jobUid,
    groupId,
    index,
    at: startedAt,
    from: 'ASSIGNED',
    to: 'RUNNING',
    mark: String(attempt),
    instanceId,
    assignedAt,
    startedAt,
  };
}

function returned(seat: SeatRecord, task: ActiveTask): TaskStep {
  const at = Math.max(task.assignedAt, seat.lastReportAt ?? 0);
  return { ...place(seat, task), index: task.index, at, from: 'ASSIGNED', to: 'PENDING' };
}

/** A task can be given out several times in one attempt: each time is a step of its own. */
function place(seat: SeatRecord, { attempt, assignedAt }: ActiveTask) {
  const { jobUid, groupId, epoch, node } = seat;
  const mark = `${attempt}.${seat.seat}.${epoch}.${assignedAt}`;
  return {
    kind: 'task',
    jobUid,
    groupId,
    mark,
    ...(node === undefined ? {} : { instanceId: node.instanceId }),
  } as const;
}
