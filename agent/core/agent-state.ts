import type { AgentMetadata, NodeAssignment } from '../../shared/contract/report.ts';
import type { AgentAction } from './agent-event.ts';
import { Fifo } from './fifo.ts';
import type { HeldTask } from './held-task.ts';

/** What an agent is told at its start. Times are milliseconds. */
export interface AgentSettings {
  readonly jobId: string;
  readonly taskGroupId: string;
  readonly metadata: AgentMetadata;
  /** From TERM to KILL. */
  readonly killGraceMs: number;
  /** From the end of the last foreground runnable to the kill of background ones. */
  readonly backgroundGraceMs: number;
  /** From a stop request to the kill of what runs. */
  readonly stopGraceMs: number;
  /** Whether its machine is Spot capacity: then a stop request is the notice that it is taken back. */
  readonly isSpot: boolean;
  /** Without an answer for so long the agent ends. */
  readonly giveUpAfterMs: number;
  /** The longest pause before a failed report is tried again. */
  readonly retryMaxMs: number;
  /** A number from 0 up to 1, for the spread of retries. */
  readonly random: () => number;
}

/** Settings with everything but the names at its default. */
export function agentSettings(
  given: Partial<AgentSettings> & Pick<AgentSettings, 'jobId' | 'taskGroupId'>,
): AgentSettings {
  return {
    metadata: {},
    killGraceMs: 5_000,
    backgroundGraceMs: 100,
    stopGraceMs: 0,
    isSpot: false,
    giveUpAfterMs: 120_000,
    retryMaxMs: 5_000,
    random: () => 0.5,
    ...given,
  };
}

/** A report under way, and what it says that need not be said again once it is answered. */
export interface SentReport {
  readonly number: number;
  readonly sentAt: number;
  readonly waits: boolean;
  /** Tasks with the number of their events that it carries. */
  readonly carried: readonly (readonly [task: HeldTask, events: number])[];
  /** Ids of tasks that it shows at a barrier. */
  readonly parked: ReadonlySet<string>;
}

/** When reports go out. */
export interface ReportSchedule {
  minMs: number;
  defaultMs: number;
  sent: number;
  lastSentAt: number;
  lastTime: number;
  underWay: SentReport | undefined;
  /** There is something to say before the default interval is over. */
  hasNews: boolean;
  /** The last answered report said that the agent is idle and lets the service wait. */
  saidIdle: boolean;
  failures: number;
  retryAt: number;
  failingSince: number | undefined;
}

/** Why and how the agent ends. */
export interface Ending {
  readonly reason: 'REQUESTED' | 'TOLD' | 'UNANSWERED';
  readonly exitCode: number;
  /** When what still runs is killed; it is tried once. */
  killAt: number;
  /** When the last report was due at the latest. */
  reportUntil: number | undefined;
  isDone: boolean;
}

/** All that an agent knows. Only `step` changes it. */
export interface AgentState {
  readonly settings: AgentSettings;
  readonly startedAt: number;
  assignment: NodeAssignment | undefined;
  /** Every task that is here, by id. */
  readonly tasks: Map<string, HeldTask>;
  /** Those that reports list: all but tasks that the service knows to be parked. */
  readonly listed: Map<string, HeldTask>;
  readonly queued: Fifo<HeldTask>;
  readonly released: Fifo<HeldTask>;
  /** Tasks in stage QUEUED or RELEASED; the queues may hold others, which are passed over. */
  waiting: number;
  /** Tasks that hold a slot. */
  readonly busy: Set<HeldTask>;
  /** Highest barrier that the whole group has reached, as far as known. */
  reachedBarrier: number;
  /** Tasks with a deadline, and a time not after the first of them. */
  readonly watched: Set<HeldTask>;
  wakeAt: number;
  armedAt: number;
  readonly report: ReportSchedule;
  /** Moving averages in milliseconds; undefined before the first value. */
  meanTaskMs: number | undefined;
  meanAnswerMs: number | undefined;
  isPreempted: boolean;
  ending: Ending | undefined;
}

/** One call of `step`: the state, the time, and the actions so far. */
export interface Turn {
  readonly state: AgentState;
  readonly now: number;
  readonly actions: AgentAction[];
}

const NEVER = Number.POSITIVE_INFINITY;

/** An agent that has not done anything yet. */
export function newAgent(settings: AgentSettings, now: number): AgentState {
  return {
    settings,
    startedAt: now,
    assignment: undefined,
    tasks: new Map(),
    listed: new Map(),
    queued: new Fifo(),
    released: new Fifo(),
    waiting: 0,
    busy: new Set(),
    reachedBarrier: 0,
    watched: new Set(),
    wakeAt: NEVER,
    armedAt: NEVER,
    report: {
      minMs: 100,
      defaultMs: 10_000,
      sent: 0,
      lastSentAt: Number.NEGATIVE_INFINITY,
      lastTime: 0,
      underWay: undefined,
      hasNews: true,
      saidIdle: false,
      failures: 0,
      retryAt: NEVER,
      failingSince: undefined,
    },
    meanTaskMs: undefined,
    meanAnswerMs: undefined,
    isPreempted: false,
    ending: undefined,
  };
}

/** How many tasks run here at once. */
export function slotsOf(state: AgentState): number {
  return Math.max(1, state.assignment?.taskSlots ?? 1);
}
