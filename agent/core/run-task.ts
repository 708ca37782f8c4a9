import { reservedExitCodes } from '../../shared/core/reserved-exit-codes.ts';
import type { Turn } from './agent-state.ts';
import { describe, describeBarrier, describeExit, describeStart } from './custom-events.ts';
import { countRunTime, watch } from './deadlines.ts';
import { endTask } from './end-task.ts';
import type { HeldTask } from './held-task.ts';
import { killAll } from './kill.ts';
import { freeSlot } from './slots.ts';
import type { Step } from './task-plan.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Takes a task as far as it can go now: to its next foreground runnable, to a closed barrier or to its end. */
export function proceed(turn: Turn, task: HeldTask): void {
  if (task.isStopped) {
    if (task.running.size === 0) endTask(turn, task);
  } else if (task.stage === 'RUNNING') {
    while (task.foreground === undefined && task.stage === 'RUNNING' && task.next < task.plan.steps.length) {
      takeStep(turn, task, task.next);
    }
    if (task.foreground === undefined && task.stage === 'RUNNING') close(turn, task);
  } else if (task.stage === 'PARKED' && task.exitCode !== undefined) {
    // It will never pass the barrier: what always runs comes next, as soon as there is a slot.
    release(turn, task);
  }
  watch(turn, task);
}

/** Lets a parked task go on, before tasks that have not begun. */
export function release({ state }: Turn, task: HeldTask): void {
  task.stage = 'RELEASED';
  state.listed.set(task.id, task);
  state.released.add(task);
  state.waiting += 1;
}

/** Takes in that a runnable ended. */
export function takeExit(
  turn: Turn,
  task: HeldTask,
  index: number,
  exit: { exitCode: number; problem?: string; reason?: string },
): void {
  const running = task.running.get(index);
  const step = task.plan.steps[index];
  if (running === undefined || step === undefined) return;
  countRunTime(task, turn.now);
  task.running.delete(index);
  if (task.foreground === index) task.foreground = undefined;

  const isOvertime = running.killing === 'TIMEOUT' || running.killing === 'EXPIRED';
  const exitCode = isOvertime ? reservedExitCodes.OVERTIME.code : exit.exitCode;
  if (exit.problem !== undefined) {
    describe(turn, task, `${step.kind} at index #${index} could not be started: ${exit.problem}`);
  }
  // Of what we killed we know why it ended.
  if (exit.reason !== undefined && running.killing === undefined) {
    describe(turn, task, `${step.kind} at index #${index} ended with exit code ${exitCode}: ${exit.reason}`);
  }
  describeExit(turn, task, step, exitCode);
  const isKilledByUs = running.killing === 'COMPLETED' || running.killing === 'STOPPED';
  if (exitCode !== 0 && !isKilledByUs && !step.ignoreExitStatus) task.exitCode ??= exitCode;
  proceed(turn, task);
}

function takeStep(turn: Turn, task: HeldTask, index: number): void {
  const step = task.plan.steps[index];
  if (step === undefined) return;
  const hasFailed = task.exitCode !== undefined;
  if (step.kind === 'barrier') {
    if (hasFailed || passesBarrier(turn, task, step)) task.next += 1;
    return;
  }
  task.next += 1;
  if (hasFailed && !step.alwaysRun) return;
  // What always runs after a failure is not how far the task got: behind a barrier it would count as having passed.
  if (!hasFailed) task.started = step.position;
  start(turn, task, index, step);
}

function start(turn: Turn, task: HeldTask, index: number, step: Step): void {
  countRunTime(task, turn.now);
  task.running.set(index, {
    timeoutAt: step.timeoutMs === undefined ? NEVER : turn.now + step.timeoutMs,
    killing: undefined,
    killAt: NEVER,
  });
  if (!step.background) task.foreground = index;
  describeStart(turn, task, step);
  turn.actions.push({ type: 'startRunnable', task, runnable: index, step });
}

/** At a barrier: whether it is open. At a closed one the task is parked and gives its slot away. */
function passesBarrier(turn: Turn, task: HeldTask, step: Step): boolean {
  const { state } = turn;
  if (task.started < step.position) {
    task.started = step.position;
    describeBarrier(turn, task, step);
  }
  if (step.position <= state.reachedBarrier) return true;
  task.stage = 'PARKED';
  state.report.hasNews = true;
  freeSlot(turn, task);
  return false;
}

/** The foreground is through: background runnables are killed a short time later, and then the task ends. */
function close(turn: Turn, task: HeldTask): void {
  if (task.running.size === 0) {
    endTask(turn, task);
  } else if (task.closeAt === NEVER && ![...task.running.values()].every((step) => step.killing)) {
    task.closeAt = turn.now + turn.state.settings.backgroundGraceMs;
  }
}

/** Lets no further runnable of a task start and kills those that run. `exitCode` counts unless it failed before. */
export function stopTask(turn: Turn, task: HeldTask, exitCode: number): void {
  if (task.stage === 'ENDED' || task.isStopped) return;
  task.exitCode ??= exitCode;
  task.isStopped = true;
  killAll(turn, task, 'STOPPED');
  proceed(turn, task);
}
