import type { IndexRuns } from '../index-runs.ts';
import { type NodeStateName, nodeStates } from '../node/node-states.ts';

/** A task that is on a node and holds, or will hold, a slot there. */
export interface ActiveTask {
  readonly index: number;
  readonly attempt: number;
  /** Whether it has a task record: of an earlier attempt, of a barrier or of a custom status event. */
  recorded: boolean;
  readonly assignedAt: number;
  /** Unset while it is ASSIGNED. */
  startedAt?: number;
  /** The highest runnable started, counted from 1; 0 before the first. */
  runnable: number;
}

/** A task that waits in its seat for another attempt. */
export interface RetryTask {
  readonly index: number;
  readonly attempt: number;
  readonly recorded: boolean;
}

/** The node that sits in a seat: what it said of itself. */
export interface NodeInfo {
  readonly instance: string;
  readonly instanceId: string;
  readonly zone: string;
  readonly machineType: string;
}

/** The first task of a seat that failed for good: the job's event quotes it. */
export interface FailedTask {
  readonly index: number;
  readonly at: number;
  readonly description: string;
  readonly exitCode: number;
}

/**
 * A seat: the numbered place of a node in a group, and all tasks that belong to it. Only reports of its own agent
 * (and the loss or the stop of that agent) write it, so no write of one node waits for another's.
 */
export interface SeatRecord {
  readonly jobUid: string;
  readonly groupId: string;
  readonly seat: number;
  readonly slots: number;
  /** Grows by one with each node in this seat; reports of older epochs change nothing. */
  epoch: number;
  /** SHA-256 of the token of this epoch's agent. */
  tokenHash: string;
  state: NodeStateName;
  node?: NodeInfo;
  /** Not tried yet, in the order in which they will be. */
  unstarted: IndexRuns;
  retries: RetryTask[];
  active: ActiveTask[];
  /** Tasks that wait at a barrier, by the barrier's position; they hold no slot. */
  parked: Record<number, IndexRuns>;
  /** The attempt of parked tasks whose attempt is not the first. */
  parkedAttempts: Record<number, number>;
  ended: { succeeded: number; failed: number; unexecuted: number };
  firstFailure?: FailedTask;
  /** Whether a task of this seat has ever started: the job is RUNNING from then. */
  begun: boolean;
  /** Set when the node was launched, for core hours. Epoch milliseconds, like all times here. */
  nodeSince?: number;
  lastReportAt?: number;
  /** Milliseconds for which nodes of earlier epochs were up. */
  pastNodeMs: number;
  /** Nodes lost since the seat last saw a task end. */
  lossesInARow: number;
}

/** Whether a node sits in the seat, as far as the record knows: one that can be lost. */
export function hasNode({ state }: Pick<SeatRecord, 'state'>): boolean {
  return nodeStates.next(state, 'lost') !== undefined;
}

/** A seat before its first node. */
export function newSeat(place: {
  jobUid: string;
  groupId: string;
  seat: number;
  slots: number;
  unstarted: IndexRuns;
}): SeatRecord {
  return {
    ...place,
    epoch: 0,
    tokenHash: '',
    state: 'WANTED',
    retries: [],
    active: [],
    parked: {},
    parkedAttempts: {},
    ended: { succeeded: 0, failed: 0, unexecuted: 0 },
    begun: false,
    pastNodeMs: 0,
    lossesInARow: 0,
  };
}
