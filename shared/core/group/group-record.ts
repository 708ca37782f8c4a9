import type { TaskGroup } from '../../contract/task-group.ts';
import type { NodeLaunch } from '../fargate/node-launch.ts';
import type { RetryRules } from '../retry.ts';
import type { TaskCounts } from '../seat/seat-progress.ts';
import type { AwaitedGroup } from './group-order.ts';

/** Why a group stops before all its tasks have had their turn. */
export type StopCause =
  | { readonly kind: 'CANCELLED' | 'DELETED' }
  | { readonly kind: 'FAIL_FAST' | 'BARRIER_UNREACHABLE'; readonly task: number }
  | { readonly kind: 'NODES_LOST'; readonly seat: number; readonly reason: string }
  | { readonly kind: 'RUN_DIED'; readonly reason: string }
  | { readonly kind: 'SKIPPED'; readonly awaited: string; readonly need: string; readonly was: string };

/**
 * What all seats of a group share. Reports read it and never write it; it changes once when the group
 * begins, once a barrier, once when it is stopped and once when it has ended, so it is no hot item.
 */
export interface GroupRecord {
  readonly jobUid: string;
  readonly groupId: string;
  readonly project: string;
  readonly location: string;
  readonly jobId: string;
  taskCount: number;
  readonly seatCount: number;
  /** Tasks that one node runs side by side; the last seat can have fewer slots. */
  readonly taskPack: number;
  /** How its nodes are started, where they are on Fargate. */
  readonly launch?: NodeLaunch;
  /** Positions of the barriers in the runnable list, counted from 1 as the agents' protocol counts them. */
  readonly barriers: readonly number[];
  /** The highest barrier that all tasks have reached, in the same counting; 0 for none. */
  reachedBarrier: number;
  readonly retry: RetryRules;
  readonly failFast: boolean;
  /** Its runnables are never root. */
  readonly runAsNonRoot?: true;
  /** Whether somebody wants to hear of its single tasks. */
  readonly tellsTasks?: true;
  /** Groups of the job that this one waits for; gone once it may begin. */
  waitsFor?: readonly AwaitedGroup[];
  /** Set once, when the first of its tasks has started. */
  begunAt?: number;
  stop?: StopCause;
  /** Set once, when no task of the group is left to run; with it what became of them. */
  endedAt?: number;
  counts?: TaskCounts;
}

/** Positions of the barriers in the runnable list, from 1. */
export function barriersOf(group: TaskGroup | undefined): number[] {
  return (group?.taskSpec?.runnables ?? []).flatMap((runnable, at) =>
    runnable.barrier === undefined ? [] : [at + 1],
  );
}

/** The lowest barrier that is still closed, or undefined when the group is in its last stage. */
export function closedBarrier(group: Pick<GroupRecord, 'barriers' | 'reachedBarrier'>): number | undefined {
  return group.barriers.find((barrier) => barrier > group.reachedBarrier);
}

/** The stage the group is in, from 1, and the number of its stages. */
export function stageOf(group: Pick<GroupRecord, 'barriers' | 'reachedBarrier'>): {
  stage: number;
  stages: number;
} {
  const passed = group.barriers.filter((barrier) => barrier <= group.reachedBarrier).length;
  return { stage: passed + 1, stages: group.barriers.length + 1 };
}

/** The reason that a stopped task's status event gives. */
export function stopReason(cause: StopCause): string {
  switch (cause.kind) {
    case 'CANCELLED':
      return 'the job being cancelled';
    case 'DELETED':
      return 'the job being deleted';
    case 'FAIL_FAST':
      return `the failure of task ${cause.task} (failFast)`;
    case 'BARRIER_UNREACHABLE':
      return `the failure of task ${cause.task}, without which the barrier cannot be reached`;
    case 'SKIPPED':
      return `${cause.awaited} being ${cause.was}, which had to be ${cause.need} before`;
    case 'NODES_LOST':
      return `the loss of nodes in seat ${cause.seat}: ${cause.reason}`;
    case 'RUN_DIED':
      return `the end of its run: ${cause.reason}`;
  }
}
