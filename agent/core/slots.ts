import { formatTimestamp } from '../../shared/contract/time.ts';
import { slotsOf, type Turn } from './agent-state.ts';
import type { HeldTask } from './held-task.ts';
import { average } from './queue-size.ts';

/** Gives a task's slot back, if it has one. */
export function freeSlot({ state, now }: Turn, task: HeldTask): void {
  if (!state.busy.delete(task)) return;
  state.meanTaskMs = average(state.meanTaskMs, now - (task.slotSince ?? now));
  task.slotSince = undefined;
}

/** The next task for a free slot, now holding it: first those that have passed a barrier, then new ones. */
export function fillSlot({ state, now }: Turn): HeldTask | undefined {
  if (state.waiting === 0 || state.busy.size >= slotsOf(state)) return undefined;
  if (state.isPreempted || state.ending !== undefined) return undefined;
  const task = takeWaiting(state.released, 'RELEASED') ?? takeWaiting(state.queued, 'QUEUED');
  if (task === undefined) return undefined;
  if (task.stage === 'QUEUED') {
    task.events.push({ taskState: 'RUNNING', eventTime: formatTimestamp(now) });
    state.report.hasNews = true;
  }
  state.waiting -= 1;
  state.busy.add(task);
  task.slotSince = now;
  task.stage = 'RUNNING';
  return task;
}

function takeWaiting(from: { take(): HeldTask | undefined }, stage: HeldTask['stage']): HeldTask | undefined {
  // A task that was deleted or ended meanwhile is still in its queue.
  for (let task = from.take(); task !== undefined; task = from.take()) {
    if (task.stage === stage && !task.isForgotten) return task;
  }
  return undefined;
}
