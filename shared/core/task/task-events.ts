import { reasonOf } from '../reserved-exit-codes.ts';
import type { Attempt, TaskRecord } from './task-record.ts';
import type { TaskStateName } from './task-states.ts';

/** A status event before it is put in the wire's form. `exitCode` stands only on events of failed attempts. */
export interface TaskEventLine {
  readonly at: number;
  readonly description: string;
  readonly state?: TaskStateName;
  readonly exitCode?: number;
}

/** `zones/{zone}/instances/{id}`, which clients take the zone and the attempt's machine from. */
export function nodePath(node: { zone: string; instanceId: string }): string {
  return `zones/${node.zone}/instances/${node.instanceId}`;
}

/** The text of a failed attempt's event, with the words that clients match (Google Batch, troubleshooting page). */
export function failureText(
  from: TaskStateName,
  node: { zone: string; instanceId: string },
  exitCode: number,
  reason: string | undefined = reasonOf(exitCode),
): string {
  const due = reason === undefined ? '' : ` due to ${reason}`;
  return `Task state is updated from ${from} to FAILED on ${nodePath(node)}${due} with exit code ${exitCode}.`;
}

/** All status events of one attempt, oldest first. */
export function attemptEvents(attempt: Attempt): TaskEventLine[] {
  const on = nodePath(attempt);
  const lines: TaskEventLine[] = [
    {
      at: attempt.assignedAt,
      description: `Task state is updated from PENDING to ASSIGNED on ${on}.`,
      state: 'ASSIGNED',
    },
  ];
  if (attempt.startedAt !== undefined) {
    lines.push({
      at: attempt.startedAt,
      description: `Task state is updated from ASSIGNED to RUNNING on ${on}.`,
      state: 'RUNNING',
    });
  }
  for (const [at, description] of attempt.events ?? []) lines.push({ at, description });
  if (attempt.endedAt !== undefined && attempt.outcome !== undefined)
    lines.push(endLine(attempt, attempt.endedAt));
  return lines;
}

function endLine(attempt: Attempt, at: number): TaskEventLine {
  const from: TaskStateName = attempt.startedAt === undefined ? 'ASSIGNED' : 'RUNNING';
  if (attempt.outcome === 'SUCCEEDED') {
    // Google's SUCCEEDED events carry no taskExecution; clients take the last exit code that they find in any event.
    const on = nodePath(attempt);
    return {
      at,
      description: `Task state is updated from ${from} to SUCCEEDED on ${on}.`,
      state: 'SUCCEEDED',
    };
  }
  const exitCode = attempt.exitCode ?? 50000;
  return { at, description: failureText(from, attempt, exitCode, attempt.reason), state: 'FAILED', exitCode };
}

/** All status events of a task in the order of time. */
export function taskEvents(record: TaskRecord): TaskEventLine[] {
  const lines = record.attempts.flatMap(attemptEvents);
  if (record.stopped !== undefined) {
    const { at, from, reason } = record.stopped;
    const description = `Task state is updated from ${from} to FAILED due to ${reason}.`;
    lines.push({ at, description, state: 'FAILED' });
  }
  return lines
    .map((line, order) => ({ line, order }))
    .sort((a, b) => a.line.at - b.line.at || a.order - b.order)
    .map(({ line }) => line);
}
