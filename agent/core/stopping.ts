import { exitOfStoppedNode, reservedExitCodes } from '../../shared/core/reserved-exit-codes.ts';
import type { Ending, Turn } from './agent-state.ts';
import { forgetTask } from './end-task.ts';
import { stopTask } from './run-task.ts';

const NEVER = Number.POSITIVE_INFINITY;
/** For how long the last report is tried. */
const LAST_REPORT_MS = 5_000;

/**
 * Begins to end the agent; of several reasons one that ends it without a last report wins. On Spot capacity a request is
 * the notice, unless the node is broken.
 */
export function beginEnding(
  turn: Turn,
  reason: Ending['reason'],
  { isBroken = false }: { readonly isBroken?: boolean } = {},
): void {
  const { state, now } = turn;
  const isUrgent = reason !== 'REQUESTED';
  if (state.ending !== undefined && (!isUrgent || state.ending.reason !== 'REQUESTED')) return;
  state.ending = {
    reason,
    exitCode: reason === 'UNANSWERED' ? 1 : 0,
    killAt: isUrgent ? now : now + state.settings.stopGraceMs,
    reportUntil: undefined,
    isDone: false,
  };
  state.isPreempted ||= reason === 'REQUESTED' && state.settings.isSpot && !isBroken;
  state.report.hasNews = true;
}

/** Takes the ending as far as it can go now: kill, wait for what was killed, report, exit. */
export function proceedEnding(turn: Turn): void {
  const { state, now, actions } = turn;
  const { ending, report } = state;
  if (ending === undefined || ending.isDone) return;
  if (now >= ending.killAt) {
    ending.killAt = NEVER;
    killEverything(turn);
  }
  if ([...state.tasks.values()].some((task) => task.running.size > 0)) return;
  if (ending.reason === 'REQUESTED') {
    if (ending.reportUntil === undefined) {
      ending.reportUntil = now + LAST_REPORT_MS;
      // Whatever is under way does not say that this agent ends.
      report.underWay = undefined;
      report.failures = 0;
      report.lastSentAt = Number.NEGATIVE_INFINITY;
      report.hasNews = true;
    }
    if (report.hasNews && now < ending.reportUntil) return;
    if (report.underWay !== undefined && now < ending.reportUntil) return;
  }
  ending.isDone = true;
  actions.push({ type: 'exit', code: ending.exitCode });
}

/** When `proceedEnding` has something to do by itself. */
export function endingDueAt(ending: Ending | undefined): number {
  if (ending === undefined || ending.isDone) return NEVER;
  return Math.min(ending.killAt, ending.reportUntil ?? NEVER);
}

function killEverything(turn: Turn): void {
  const { ending, isPreempted } = turn.state;
  const exit = ending?.reason === 'REQUESTED' ? exitOfStoppedNode(isPreempted) : 'UNKNOWN';
  const exitCode = reservedExitCodes[exit].code;
  for (const task of [...turn.state.tasks.values()]) {
    // What has not begun, or waits where the service knows of it, is taken from this node by the service.
    if (task.stage === 'QUEUED') continue;
    if (!turn.state.listed.has(task.id)) forgetTask(turn, task);
    stopTask(turn, task, exitCode);
  }
}
