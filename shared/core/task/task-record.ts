import type { TaskStateName } from './task-states.ts';

/** One try at a task, as the store keeps it. Times are epoch milliseconds. */
export interface Attempt {
  /** 0 for the first try: BATCH_TASK_RETRY_ATTEMPT. */
  readonly attempt: number;
  /** Where it ran: `zones/{zone}/instances/{numeric id}` is made of these two. */
  readonly zone: string;
  readonly instanceId: string;
  readonly assignedAt: number;
  startedAt?: number;
  endedAt?: number;
  outcome?: 'SUCCEEDED' | 'FAILED';
  exitCode?: number;
  /** Why it failed, in words, where the exit code alone does not say it. */
  reason?: string;
  /** Custom status events: [epoch ms, description], oldest first, none twice. */
  events?: [at: number, description: string][];
}

/**
 * What is known of one task beyond its seat: written when an attempt ends, when the task waits at a barrier, and
 * when it has custom status events. A task without a record has not been tried, or is under way in its seat.
 */
export interface TaskRecord {
  readonly index: number;
  /** PENDING: to be tried again. RUNNING: under way or waiting at a barrier. Otherwise the end. */
  state: Extract<TaskStateName, 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED'>;
  attempts: Attempt[];
  /** Why it ended when no attempt of its own was the cause (a barrier that cannot be reached, a cancelled job). */
  stopped?: { at: number; from: TaskStateName; reason: string };
}

/** What a report, the loss of a node or the stop of a group does to one task's record. */
export type TaskChange = {
  readonly index: number;
  readonly attempt: Attempt;
  /** Whether the task has a record already, which has then to be read first. */
  readonly recorded: boolean;
} & (
  | { readonly kind: 'events' }
  | { readonly kind: 'parked' }
  | { readonly kind: 'attempt-failed' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'stopped'; readonly at: number; readonly from: TaskStateName; readonly reason: string }
);

const stateAfter = {
  events: 'RUNNING',
  parked: 'RUNNING',
  'attempt-failed': 'PENDING',
  stopped: 'FAILED',
} as const;

/** The record after `change`; `before` is undefined for a task that has none yet. */
export function applyTaskChange(before: TaskRecord | undefined, change: TaskChange): TaskRecord {
  const earlier = before?.attempts ?? [];
  const same = earlier.find((attempt) => attempt.attempt === change.attempt.attempt);
  // Why a task is stopped is no part of an attempt: one that is on record stays as it was.
  const attempt =
    change.kind === 'stopped' && same !== undefined ? same : mergeAttempts(same, change.attempt);
  const state =
    change.kind === 'ended'
      ? attempt.outcome === 'SUCCEEDED'
        ? 'SUCCEEDED'
        : 'FAILED'
      : stateAfter[change.kind];
  return {
    index: change.index,
    state,
    attempts: [...earlier.filter((other) => other !== same), attempt].sort((a, b) => a.attempt - b.attempt),
    ...(change.kind === 'stopped'
      ? { stopped: { at: change.at, from: change.from, reason: change.reason } }
      : {}),
  };
}

/** Custom status events that an attempt keeps: an agent of ours sends no more, and a record has a limit. */
const EVENTS_AT_MOST = 101;

function mergeAttempts(before: Attempt | undefined, after: Attempt): Attempt {
  if (before === undefined) {
    const { events } = after;
    return events === undefined ? after : { ...after, events: events.slice(0, EVENTS_AT_MOST) };
  }
  const events = [...(before.events ?? [])];
  for (const event of after.events ?? []) {
    if (events.length >= EVENTS_AT_MOST) break;
    if (!events.some(([at, description]) => at === event[0] && description === event[1])) events.push(event);
  }
  // When it was assigned and started is what was said first: a task that comes from a barrier is assigned once more.
  const startedAt = before.startedAt ?? after.startedAt;
  return {
    ...before,
    ...after,
    assignedAt: before.assignedAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(events.length > 0 ? { events: events.sort((a, b) => a[0] - b[0]) } : {}),
  };
}
