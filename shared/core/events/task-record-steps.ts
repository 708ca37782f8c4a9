import { failureText } from '../task/task-events.ts';
import type { Attempt, TaskRecord } from '../task/task-record.ts';
import type { TaskStep } from './state-step.ts';

/** Whose record it is: the record itself has no more than the task's index. */
export interface TaskPlace {
  readonly jobUid: string;
  readonly groupId: string;
}

/**
 * The moves of a task that its own record tells: how attempts ended, and the start of those that no seat has shown as
 * started (`isStartTold`).
 */
export function taskRecordSteps(
  place: TaskPlace,
  before: TaskRecord | undefined,
  after: TaskRecord | undefined,
  isStartTold: boolean,
): TaskStep[] {
  const last = after?.attempts.at(-1);
  if (after === undefined || last === undefined) return [];
  const steps: TaskStep[] = [];
  const known = before?.attempts.find(({ attempt }) => attempt === last.attempt);
  const { index } = after;
  if (last.startedAt !== undefined && known?.startedAt === undefined && !isStartTold) {
    const { instanceId, assignedAt, startedAt } = last;
    const mark = String(last.attempt);
    const what = {
      index,
      at: startedAt,
      from: 'ASSIGNED',
      to: 'RUNNING',
      mark,
      instanceId,
      assignedAt,
      startedAt,
    } as const;
    steps.push({ kind: 'task', ...place, ...what });
  }
  const hasEnded = last.outcome !== undefined && known?.outcome === undefined;
  if (after.state === 'PENDING' && hasEnded) steps.push({ ...attemptEnd(place, index, last), to: 'PENDING' });
  if (after.state === before?.state || after.state === 'PENDING' || after.state === 'RUNNING') return steps;
  const { stopped } = after;
  if (stopped === undefined) {
    steps.push({ ...attemptEnd(place, index, last), to: after.state, mark: '' });
  } else {
    const { at, from, reason } = stopped;
    const on = { instanceId: last.instanceId, assignedAt: last.assignedAt };
    const ran = last.startedAt === undefined ? {} : { startedAt: last.startedAt };
    steps.push({
      kind: 'task',
      ...place,
      index,
      at,
      from,
      to: after.state,
      mark: '',
      ...on,
      ...ran,
      endedAt: at,
      reason,
    });
  }
  return steps;
}

function attemptEnd(place: TaskPlace, index: number, attempt: Attempt) {
  const { instanceId, assignedAt, startedAt, outcome, exitCode, reason } = attempt;
  const at = attempt.endedAt ?? assignedAt;
  const from = startedAt === undefined ? 'ASSIGNED' : 'RUNNING';
  const failed =
    outcome === 'FAILED'
      ? { exitCode: exitCode ?? 50000, reason: failureText(from, attempt, exitCode ?? 50000, reason) }
      : {};
  return {
    kind: 'task',
    ...place,
    index,
    at,
    from,
    mark: String(attempt.attempt),
    instanceId,
    assignedAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    endedAt: at,
    ...failed,
  } as const;
}
