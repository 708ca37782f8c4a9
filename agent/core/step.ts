import type { AgentAction, AgentEvent } from './agent-event.ts';
import type { AgentState, Turn } from './agent-state.ts';
import { describe, takeCustomEvent } from './custom-events.ts';
import { fireDeadlines } from './deadlines.ts';
import { noteAnswer, noteFailure, reportDueAt, sendDueReport } from './report-schedule.ts';
import { proceed, takeExit } from './run-task.ts';
import { fillSlot } from './slots.ts';
import { beginEnding, endingDueAt, proceedEnding } from './stopping.ts';
import { takeResponse } from './take-response.ts';

/**
 * The whole agent as a function: what happened, at what time, leads to what is to be done. No clock, no I/O: the
 * program on a node and the simulator run this same code. `state` is changed in place and returned.
 */
export function step(
  state: AgentState,
  event: AgentEvent,
  now: number,
): { state: AgentState; actions: AgentAction[] } {
  const turn: Turn = { state, now, actions: [] };
  take(turn, event);
  fireDeadlines(turn);
  for (let task = fillSlot(turn); task !== undefined; task = fillSlot(turn)) proceed(turn, task);
  proceedEnding(turn);
  sendDueReport(turn);
  armTimer(turn);
  return { state, actions: turn.actions };
}

function take(turn: Turn, event: AgentEvent): void {
  const { state } = turn;
  switch (event.type) {
    case 'answered':
    case 'reportFailed':
      takeAnswer(turn, event);
      return;
    case 'exited': {
      const task = state.tasks.get(event.taskId);
      if (task !== undefined) takeExit(turn, task, event.runnable, event);
      return;
    }
    case 'customEvent': {
      const task = state.tasks.get(event.taskId);
      if (task !== undefined) takeCustomEvent(turn, task, event.text);
      return;
    }
    case 'note': {
      const task = state.tasks.get(event.taskId);
      if (task !== undefined) describe(turn, task, event.text);
      return;
    }
    case 'preemptionNotice':
      state.report.hasNews ||= !state.isPreempted;
      state.isPreempted = true;
      return;
    case 'toldToStop':
      beginEnding(turn, 'TOLD');
      return;
    case 'stopRequested':
      beginEnding(turn, 'REQUESTED', event);
      return;
    case 'started':
    case 'tick':
      return;
  }
}

function takeAnswer(turn: Turn, event: AgentEvent & { type: 'answered' | 'reportFailed' }): void {
  const { report, settings } = turn.state;
  const sent = report.underWay;
  // An answer that comes twice, late or to a report that was given up says nothing new.
  if (sent === undefined || sent.number !== event.report) return;
  if (event.type === 'answered') {
    noteAnswer(turn, sent);
    takeResponse(turn, sent, event.response);
    return;
  }
  noteFailure(turn, sent);
  if (report.failingSince !== undefined && turn.now - report.failingSince >= settings.giveUpAfterMs) {
    beginEnding(turn, 'UNANSWERED');
  }
}

function armTimer({ state, now, actions }: Turn): void {
  const at = Math.min(state.wakeAt, reportDueAt(state, now), endingDueAt(state.ending));
  if (at === state.armedAt) return;
  state.armedAt = at;
  if (at !== Number.POSITIVE_INFINITY) actions.push({ type: 'armTimer', at });
}
