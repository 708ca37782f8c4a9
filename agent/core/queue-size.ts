import { type AgentState, slotsOf } from './agent-state.ts';

const MAX_QUEUE = 256;
const LONG_TASK_MS = 2_000;
const WEIGHT = 0.1;
/** An agent with plenty to do reports no sooner than this: the same is said in fewer reports. */
export const CALM_MS = 60;
/** Tasks waiting here for a slot that are plenty, at least. */
const PLENTY = 16;
/** Tasks a slot that are taken while nothing is known of how long they are. */
const UNKNOWN_ROUNDS = 8;

/** Moving average: the new value counts a tenth. */
export function average(mean: number | undefined, value: number): number {
  return mean === undefined ? value : mean + (value - mean) * WEIGHT;
}

/**
 * How many tasks beyond its slots the agent wants to hold, so that no slot waits for a report to be answered: what
 * the slots get through from one report to the answer of the next, twice over. Long tasks are not hoarded, for another
 * node may be free to run them.
 */
export function queueSize(state: AgentState, now: number): number {
  const slots = slotsOf(state);
  const taskMs = expectedTaskMs(state, now);
  if (taskMs === undefined) return Math.min(MAX_QUEUE, UNKNOWN_ROUNDS * slots);
  const cycleMs = (state.meanAnswerMs ?? 0) + Math.max(CALM_MS, state.report.minMs);
  const perCycle = (slots * cycleMs) / Math.max(taskMs, 0.5);
  if (taskMs > LONG_TASK_MS) return Math.min(slots, Math.round(perCycle));
  return Math.min(MAX_QUEUE, Math.max(slots, Math.ceil(2 * perCycle)));
}

/** Whether so many tasks wait here for a slot that news can wait a little: at least half of what the agent asks for. */
export function hasPlenty(state: AgentState, now: number): boolean {
  return state.waiting >= PLENTY && state.waiting * 2 >= queueSize(state, now);
}

/** The mean time of the tasks that ended, or longer when those that run have taken longer. */
function expectedTaskMs(state: AgentState, now: number): number | undefined {
  let oldest = 0;
  for (const task of state.busy) oldest = Math.max(oldest, now - (task.slotSince ?? now));
  if (state.meanTaskMs === undefined) return oldest > LONG_TASK_MS ? oldest : undefined;
  return oldest > LONG_TASK_MS ? Math.max(oldest, state.meanTaskMs) : state.meanTaskMs;
}
