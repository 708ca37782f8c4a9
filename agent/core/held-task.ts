import type { Environment } from '../../shared/contract/environment.ts';
import type { StatusEvent } from '../../shared/contract/task.ts';
import type { TaskPlan } from './task-plan.ts';

/** Why a running step is being killed. COMPLETED: it ran in the background, and the foreground is through. */
export type KillReason = 'TIMEOUT' | 'EXPIRED' | 'STOPPED' | 'COMPLETED';

/** A runnable that runs. Times are epoch milliseconds. */
export interface RunningStep {
  readonly timeoutAt: number;
  killing: KillReason | undefined;
  /** When TERM is followed by KILL. */
  killAt: number;
}

/**
 * Where a task is on this node. QUEUED: not begun. RUNNING: has a slot. PARKED: waits at a barrier without a slot.
 * RELEASED: may go on when a slot is free. ENDED: reported until the service says that it may be forgotten.
 */
export type TaskStage = 'QUEUED' | 'RUNNING' | 'PARKED' | 'RELEASED' | 'ENDED';

/** One attempt of a task that this agent has. */
export interface HeldTask {
  readonly id: string;
  readonly index: number;
  readonly attempt: number;
  readonly plan: TaskPlan;
  readonly environment: Environment;
  stage: TaskStage;
  /** Index in the plan of the step to look at next. */
  next: number;
  /** Highest position started, counted from 1; 0 before the first. */
  started: number;
  /** Index of the step that runs in the foreground. */
  foreground: number | undefined;
  readonly running: Map<number, RunningStep>;
  /** The first error; undefined while there is none. */
  exitCode: number | undefined;
  /** Set when no further step may start, not even one that always runs. */
  isStopped: boolean;
  /** Deleted by the service, but something of it still runs. */
  isForgotten: boolean;
  /** Status events that no answered report has carried. */
  events: StatusEvent[];
  /** The event of the end, in every report from then on. */
  endEvent: StatusEvent | undefined;
  customEvents: number;
  /** Run time used up until `runSince`: the sum over its runnables. */
  runMs: number;
  runSince: number;
  slotSince: number | undefined;
  /** When background runnables are killed, the foreground being through. */
  closeAt: number;
}

/** A task as it comes from the service. */
export function newTask(task: {
  id: string;
  index: number;
  attempt: number;
  plan: TaskPlan;
  environment: Environment;
}): HeldTask {
  return {
    ...task,
    stage: 'QUEUED',
    next: 0,
    started: 0,
    foreground: undefined,
    running: new Map(),
    exitCode: undefined,
    isStopped: false,
    isForgotten: false,
    events: [],
    endEvent: undefined,
    customEvents: 0,
    runMs: 0,
    runSince: 0,
    slotSince: undefined,
    closeAt: Number.POSITIVE_INFINITY,
  };
}
