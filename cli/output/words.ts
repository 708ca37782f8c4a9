import type { JobState, TaskState } from '../../shared/contract/states.ts';
import type { Paint, Style } from '../terminal/terminal.ts';

const styles: Record<Exclude<JobState | TaskState, 'STATE_UNSPECIFIED'>, Style> = {
  QUEUED: 'yellow',
  SCHEDULED: 'yellow',
  PENDING: 'yellow',
  ASSIGNED: 'cyan',
  RUNNING: 'cyan',
  SUCCEEDED: 'green',
  FAILED: 'red',
  UNEXECUTED: 'gray',
  DELETION_IN_PROGRESS: 'gray',
  CANCELLATION_IN_PROGRESS: 'magenta',
  CANCELLED: 'magenta',
};

/** The colour of a job's or task's state; the state's word is always shown too. */
export function styleOf(state: string): Style {
  return Object.hasOwn(styles, state) ? styles[state as keyof typeof styles] : 'reset';
}

/** A state as a word in its colour. */
export function paintState(paint: Paint, state: string): string {
  return paint(styleOf(state), state);
}

/** `1 task`, `1,234 tasks`. */
export function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A whole number with its thousands apart. */
export function grouped(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** What a job waits for, as part of a line: the service mostly says "waits for …" itself. */
export function waitingText(reason: string): string {
  return reason.startsWith('waits ') ? reason : `waits: ${reason}`;
}
