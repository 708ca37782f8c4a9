import { reservedExitCodes } from '../../shared/core/reserved-exit-codes.ts';
import type { Turn } from './agent-state.ts';
import type { HeldTask } from './held-task.ts';
import { killAll, killStep } from './kill.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Adds up the run time of a task: every runnable counts, also those that run at the same time. */
export function countRunTime(task: HeldTask, now: number): void {
  task.runMs += task.running.size * (now - task.runSince);
  task.runSince = now;
}

/** Looks at a task's deadlines again; to be called after anything about it changed. */
export function watch({ state }: Turn, task: HeldTask): void {
  const at = nextDeadline(task);
  if (at === NEVER) {
    state.watched.delete(task);
    return;
  }
  state.watched.add(task);
  // May be early when a deadline was lifted: then a tick finds nothing to do.
  state.wakeAt = Math.min(state.wakeAt, at);
}

/** Does what is due. */
export function fireDeadlines(turn: Turn): void {
  const { state, now } = turn;
  if (now < state.wakeAt) return;
  state.wakeAt = NEVER;
  for (const task of [...state.watched]) {
    fire(turn, task);
    watch(turn, task);
  }
}

function fire(turn: Turn, task: HeldTask): void {
  const { now } = turn;
  if (now >= task.closeAt) {
    task.closeAt = NEVER;
    killAll(turn, task, 'COMPLETED');
  }
  if (now >= expiry(task)) {
    countRunTime(task, now);
    task.exitCode ??= reservedExitCodes.OVERTIME.code;
    task.isStopped = true;
    killAll(turn, task, 'EXPIRED');
  }
  for (const [index, step] of task.running) {
    if (now >= step.timeoutAt && step.killing === undefined) killStep(turn, task, index, 'TIMEOUT');
    if (now >= step.killAt) {
      step.killAt = NEVER;
      turn.actions.push({ type: 'killRunnable', taskId: task.id, runnable: index, signal: 'SIGKILL' });
    }
  }
}

function nextDeadline(task: HeldTask): number {
  let at = Math.min(task.closeAt, expiry(task));
  for (const step of task.running.values()) {
    at = Math.min(at, step.killAt, step.killing === undefined ? step.timeoutAt : NEVER);
  }
  return at;
}

/** When the task's maximum run time is used up, if what runs now goes on running. */
function expiry(task: HeldTask): number {
  const { maxRunMs } = task.plan;
  const isThrough = task.foreground === undefined && task.next >= task.plan.steps.length;
  if (maxRunMs === undefined || task.running.size === 0 || task.isStopped || isThrough) return NEVER;
  return task.runSince + Math.ceil((maxRunMs - task.runMs) / task.running.size);
}
