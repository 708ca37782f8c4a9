import type { AgentState } from '../../../../agent/core/agent-state.ts';
import type { HeldTask } from '../../../../agent/core/held-task.ts';

/** Is told what really happens on nodes, whatever anybody reports of it. */
export interface RunWatch {
  /** Before a runnable starts; `runnable` counts from 0. */
  starts(instance: string, task: HeldTask, runnable: number): void;
  exits(
    instance: string,
    taskId: string,
    runnable: number,
    exit: { readonly exitCode: number; readonly isKilled: boolean },
  ): void;
  /** After an agent has taken in an event. */
  stepped(instance: string, state: AgentState): void;
}
