import { formatTimestamp } from '../../shared/contract/time.ts';
import type { Turn } from './agent-state.ts';
import type { HeldTask } from './held-task.ts';
import { freeSlot } from './slots.ts';

/** Ends a task of which nothing runs any more; it is reported until the service says that it may be forgotten. */
export function endTask(turn: Turn, task: HeldTask): void {
  const { state, now } = turn;
  if (task.stage === 'QUEUED' || task.stage === 'RELEASED') state.waiting -= 1;
  freeSlot(turn, task);
  task.stage = 'ENDED';
  if (task.isForgotten) {
    drop(turn, task);
    return;
  }
  task.endEvent = {
    taskState: task.exitCode === undefined ? 'SUCCEEDED' : 'FAILED',
    eventTime: formatTimestamp(now),
    taskExecution: { exitCode: task.exitCode ?? 0 },
  };
  state.listed.set(task.id, task);
  state.report.hasNews = true;
}

/** Forgets a task as the service says; what still runs of it must have been stopped. */
export function forgetTask(turn: Turn, task: HeldTask): void {
  task.isForgotten = true;
  turn.state.listed.delete(task.id);
  if (task.stage === 'ENDED') drop(turn, task);
}

function drop({ state, actions }: Turn, task: HeldTask): void {
  state.tasks.delete(task.id);
  state.listed.delete(task.id);
  state.watched.delete(task);
  actions.push({ type: 'removeTask', taskId: task.id });
}
