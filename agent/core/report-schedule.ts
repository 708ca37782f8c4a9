import type { AgentState, SentReport, Turn } from './agent-state.ts';
import { buildReport } from './build-report.ts';
import { average, CALM_MS, hasPlenty } from './queue-size.ts';

const NEVER = Number.POSITIVE_INFINITY;
const RETRY_FIRST_MS = 100;
/** For how long an idle agent lets the service hold back its answer. */
const WAIT_SECONDS = 10;
/** An answer that took so long was held back: the next wait may begin at once. */
const HELD_MS = 1_000;

/** When the next report is due; never while one is under way, unless that one only waits and there is news. */
export function reportDueAt(state: AgentState, now: number): number {
  const { report, ending } = state;
  if (ending?.isDone === true || (ending !== undefined && ending.reason !== 'REQUESTED')) return NEVER;
  const minMs = hasPlenty(state, now) ? Math.max(CALM_MS, report.minMs) : report.minMs;
  const soonest = report.lastSentAt + minMs;
  if (report.underWay !== undefined) {
    return report.underWay.waits && (report.hasNews || ending !== undefined) ? soonest : NEVER;
  }
  if (report.failures > 0) return report.retryAt;
  const isNewlyIdle = isIdle(state) && !report.saidIdle;
  return report.hasNews || isNewlyIdle ? soonest : report.lastSentAt + report.defaultMs;
}

/** Sends the report that is due, if one is. */
export function sendDueReport(turn: Turn): void {
  const { state, now } = turn;
  if (now < reportDueAt(state, now)) return;
  const { report } = state;
  const body = buildReport(state, now);
  const waits = isIdle(state) && state.ending === undefined && report.failures === 0 && !report.hasNews;
  const listed = [...state.listed.values()];
  report.sent += 1;
  report.lastSentAt = now;
  report.lastTime = Math.max(now, report.lastTime + 1);
  report.hasNews = false;
  report.underWay = {
    number: report.sent,
    sentAt: now,
    waits,
    carried: listed.filter((task) => task.events.length > 0).map((task) => [task, task.events.length]),
    parked: new Set(listed.filter((task) => task.stage === 'PARKED').map((task) => task.id)),
  };
  const waitSeconds = waits ? WAIT_SECONDS : 0;
  turn.actions.push({ type: 'sendReport', report: report.sent, body, waitSeconds });
}

/** Notes that a report was answered. */
export function noteAnswer({ state, now }: Turn, sent: SentReport): void {
  const { report } = state;
  const tookMs = now - sent.sentAt;
  report.underWay = undefined;
  report.failures = 0;
  report.failingSince = undefined;
  report.retryAt = NEVER;
  report.saidIdle = sent.waits && tookMs < HELD_MS;
  if (!sent.waits) state.meanAnswerMs = average(state.meanAnswerMs, tookMs);
}

/** Notes that a report failed, and sets the time of the next try: exponential, with full jitter. */
export function noteFailure({ state, now }: Turn, sent: SentReport): void {
  const { report, settings } = state;
  report.underWay = undefined;
  report.failingSince ??= sent.sentAt;
  // Nothing of it counts as said.
  report.hasNews = true;
  const limit = Math.min(settings.retryMaxMs, RETRY_FIRST_MS * 2 ** report.failures);
  report.failures += 1;
  report.retryAt = now + Math.ceil(limit * settings.random());
}

/** Whether nothing runs here and nothing waits for a slot. */
function isIdle(state: AgentState): boolean {
  if (state.busy.size > 0 || state.waiting > 0) return false;
  for (const task of state.listed.values()) if (task.stage !== 'PARKED') return false;
  return true;
}
