import type { Turn } from './agent-state.ts';
import type { HeldTask, KillReason } from './held-task.ts';

/** Sends TERM to one runnable; KILL follows after the grace. A runnable that is being killed is left to that. */
export function killStep(turn: Turn, task: HeldTask, index: number, reason: KillReason): void {
  const step = task.running.get(index);
  if (step === undefined || step.killing !== undefined) return;
  step.killing = reason;
  step.killAt = turn.now + turn.state.settings.killGraceMs;
  turn.actions.push({ type: 'killRunnable', taskId: task.id, runnable: index, signal: 'SIGTERM' });
}

/** Kills everything of a task that runs. */
export function killAll(turn: Turn, task: HeldTask, reason: KillReason): void {
  for (const index of task.running.keys()) killStep(turn, task, index, reason);
}
