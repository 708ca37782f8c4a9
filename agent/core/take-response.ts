import { parseAgentTaskId } from '../../shared/contract/agent-task-id.ts';
import type { AgentTask, ReportAgentStateResponse } from '../../shared/contract/report.ts';
import { durationMs } from '../../shared/contract/time.ts';
import { reservedExitCodes } from '../../shared/core/reserved-exit-codes.ts';
import type { SentReport, Turn } from './agent-state.ts';
import { forgetTask } from './end-task.ts';
import { type HeldTask, newTask } from './held-task.ts';
import { release, stopTask } from './run-task.ts';
import { planFor } from './task-plan.ts';

/** Takes the answer to a report: what it carried is said, and tasks come, stop, go on or are forgotten. */
export function takeResponse(turn: Turn, sent: SentReport, response: ReportAgentStateResponse): void {
  const { state } = turn;
  for (const [task, events] of sent.carried) task.events.splice(0, events);
  state.report.minMs = interval(response.minReportInterval, state.report.minMs);
  state.report.defaultMs = interval(response.defaultReportInterval, state.report.defaultMs);
  if (response.assignment !== undefined && state.assignment === undefined) {
    state.assignment = response.assignment;
    turn.actions.push({ type: 'assigned', assignment: response.assignment });
  }
  for (const told of response.tasks ?? []) {
    // A fact of the whole group, whichever task it is told with.
    state.reachedBarrier = Math.max(state.reachedBarrier, barrierOf(told));
  }
  for (const told of response.tasks ?? []) takeTask(turn, sent, told);
}

function takeTask(turn: Turn, sent: SentReport, told: AgentTask): void {
  const id = told.task ?? '';
  const task = turn.state.tasks.get(id);
  if (told.intendedState === 'ASSIGNED') {
    if (task === undefined) accept(turn, id, told);
    else if (task.stage === 'PARKED' && !task.isStopped) answerParked(turn, sent, task, barrierOf(told));
  } else if (task === undefined) {
    return;
  } else if (told.intendedState === 'CANCELLED') {
    stopTask(turn, task, reservedExitCodes.UNKNOWN.code);
  } else if (told.intendedState === 'DELETED') {
    forgetTask(turn, task);
    stopTask(turn, task, reservedExitCodes.UNKNOWN.code);
  }
}

function accept(turn: Turn, id: string, told: AgentTask): void {
  const { state } = turn;
  const name = parseAgentTaskId(id);
  const plan = planFor(told, state.assignment);
  // An agent that ends takes nothing; what it does not list, the service gives to another.
  if (name === undefined || plan === undefined || state.isPreempted || state.ending !== undefined) return;
  const { index, attempt } = name;
  const task = newTask({ id, index, attempt, plan, environment: told.environment ?? {} });
  state.tasks.set(id, task);
  state.listed.set(id, task);
  state.queued.add(task);
  state.waiting += 1;
}

function answerParked(turn: Turn, sent: SentReport, task: HeldTask, reached: number): void {
  if (reached >= task.started) {
    release(turn, task);
  } else if (sent.parked.has(task.id) && task.events.length === 0) {
    // The service knows that it waits: with thousands of such tasks reports stay small.
    turn.state.listed.delete(task.id);
  }
}

function barrierOf(told: AgentTask): number {
  return Number(told.reachedBarrier ?? 0);
}

function interval(given: string | undefined, before: number): number {
  if (given === undefined) return before;
  try {
    return Math.max(0, durationMs(given));
  } catch {
    return before;
  }
}
