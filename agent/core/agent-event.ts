import type {
  NodeAssignment,
  ReportAgentStateRequest,
  ReportAgentStateResponse,
} from '../../shared/contract/report.ts';
import type { HeldTask } from './held-task.ts';
import type { Step } from './task-plan.ts';

/** What can happen to an agent. */
export type AgentEvent =
  /** The first event: the program runs. */
  | { type: 'started' }
  /** The answer to report `report`; those to an earlier report are ignored. */
  | { type: 'answered'; report: number; response: ReportAgentStateResponse }
  /** Report `report` had no usable answer, and may be tried again. */
  | { type: 'reportFailed'; report: number }
  /** The service refuses this agent: the seat has another, the job is gone or the token is not valid. */
  | { type: 'toldToStop' }
  /** A runnable ended. For the user, in words: `problem`, why it could not even be started; `reason`, why it ended so. */
  | {
      type: 'exited';
      taskId: string;
      runnable: number;
      exitCode: number;
      problem?: string;
      reason?: string;
    }
  /** Something about a runnable that its user would want to know: its image was pulled. */
  | { type: 'note'; taskId: string; text: string }
  /** A line of a runnable's output asks for a custom status event. */
  | { type: 'customEvent'; taskId: string; text: string }
  | { type: 'tick' }
  /** The machine will be taken away soon: begin nothing new. */
  | { type: 'preemptionNotice' }
  /** The agent itself is asked to stop (SIGTERM). `isBroken`: by itself, for a part of its node is gone. */
  | { type: 'stopRequested'; isBroken?: true };

/** What the shell around the reducer is to do. `runnable` is an index in the list of runnables, 0-based. */
export type AgentAction =
  | { type: 'assigned'; assignment: NodeAssignment }
  | { type: 'startRunnable'; task: HeldTask; runnable: number; step: Step }
  | { type: 'killRunnable'; taskId: string; runnable: number; signal: 'SIGTERM' | 'SIGKILL' }
  /** Send `body`, in place of a report still under way. `waitSeconds`: for how long the answer may be held back. */
  | { type: 'sendReport'; report: number; body: ReportAgentStateRequest; waitSeconds: number }
  /** Let a `tick` come at this time, in place of the one asked for before. */
  | { type: 'armTimer'; at: number }
  /** Nothing of this task is needed any more. */
  | { type: 'removeTask'; taskId: string }
  | { type: 'exit'; code: number };
