import { formatTimestamp } from '../../shared/contract/time.ts';
import type { Turn } from './agent-state.ts';
import type { HeldTask } from './held-task.ts';
import type { Step } from './task-plan.ts';

/** How many custom status events one attempt may send, and how long each may be. */
const MAX_CUSTOM_EVENTS = 100;
const MAX_EVENT_CHARACTERS = 1_000;

/** Takes a custom status event of the user's code. Beyond the limit one event says that further ones are dropped. */
export function takeCustomEvent(turn: Turn, task: HeldTask, text: string): void {
  task.customEvents += 1;
  if (task.customEvents <= MAX_CUSTOM_EVENTS) {
    describe(turn, task, text);
  } else if (task.customEvents === MAX_CUSTOM_EVENTS + 1) {
    describe(turn, task, `More than ${MAX_CUSTOM_EVENTS} custom status events; further ones are dropped.`);
  }
}

/** Adds a status event that only describes. */
export function describe(turn: Turn, task: HeldTask, description: string): void {
  if (task.isForgotten || task.stage === 'ENDED') return;
  task.events.push({ description: cut(description), eventTime: formatTimestamp(turn.now) });
  // A task parked with the service's knowledge is listed again while it has something to say.
  turn.state.listed.set(task.id, task);
  turn.state.report.hasNews = true;
}

/** Tells that a named script began. Numbered from 0, as Google's agent does for scripts. */
export function describeStart(turn: Turn, task: HeldTask, step: Step): void {
  if (step.displayName === undefined) return;
  describe(turn, task, `${nameOf(step, step.displayName)} started.`);
}

/** Tells that a named script ended. */
export function describeExit(turn: Turn, task: HeldTask, step: Step, exitCode: number): void {
  if (step.displayName === undefined) return;
  describe(turn, task, `${nameOf(step, step.displayName)} finished with exit code ${exitCode}.`);
}

/** Tells that a named barrier was reached. Numbered from 1, as Google's agent does for barriers. */
export function describeBarrier(turn: Turn, task: HeldTask, step: Step): void {
  if (step.displayName === undefined) return;
  const where = `barrier at index #${step.position} with display name [${step.displayName}]`;
  describe(turn, task, `${where} reached.`);
}

function nameOf(step: Step, displayName: string): string {
  return `${step.kind} at index #${step.position - 1} with display name [${displayName}]`;
}

function cut(text: string): string {
  if (text.length <= MAX_EVENT_CHARACTERS) return text;
  const characters = Array.from(text.slice(0, (MAX_EVENT_CHARACTERS + 1) * 2));
  if (characters.length <= MAX_EVENT_CHARACTERS) return text;
  return `${characters.slice(0, MAX_EVENT_CHARACTERS - 1).join('')}…`;
}
