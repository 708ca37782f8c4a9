import { type ReportPorts, reportState } from '../../functions/state-report/report-state.ts';
import { parseAgentTaskId } from '../../shared/contract/agent-task-id.ts';
import { ApiError } from '../../shared/contract/error.ts';
import type { AgentTask, AgentTaskInfo } from '../../shared/contract/report.ts';
import { formatTimestamp } from '../../shared/contract/time.ts';
import type { NodeRequest } from '../../shared/ports/node-launcher.ts';

/** A node whose tasks are done by its next report, or, when it is slow, by the one after. */
export class QuickNode {
  sentHome = false;
  readonly #ports: ReportPorts;
  readonly #request: NodeRequest;
  readonly #queue: number;
  readonly #slow: boolean;
  /** Tasks that it holds, with the reports that they were part of. */
  readonly #tasks = new Map<string, number>();

  constructor(ports: ReportPorts, request: NodeRequest, nature: { queue: number; slow: boolean }) {
    this.#ports = ports;
    this.#request = request;
    this.#queue = nature.queue;
    this.#slow = nature.slow;
  }

  async report(): Promise<void> {
    const { instance, instanceId, zone, machineType, token } = this.#request;
    const agentInfo = {
      state: 'AGENT_RUNNING',
      taskQueueSize: this.#queue,
      tasks: [...this.#tasks].map(([taskId, reports]) => this.#say(taskId, reports)),
    } as const;
    const metadata = { instance, instanceId, zone, machineType };
    try {
      const answer = await reportState(this.#ports, `Bearer ${token}`, { agentInfo, metadata });
      for (const task of answer.tasks ?? []) this.#obey(task);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 'FAILED_PRECONDITION') throw error;
      this.sentHome = true;
    }
  }

  #say(taskId: string, reports: number): AgentTaskInfo {
    this.#tasks.set(taskId, reports + 1);
    const eventTime = formatTimestamp(this.#ports.clock.now());
    const started = { taskState: 'RUNNING', eventTime } as const;
    if (this.#slow && reports === 0) {
      return { taskId, runnable: '1', taskStatus: { state: 'RUNNING', statusEvents: [started] } };
    }
    const end = { taskState: 'SUCCEEDED', eventTime, taskExecution: { exitCode: 0 } } as const;
    return { taskId, runnable: '1', taskStatus: { state: 'SUCCEEDED', statusEvents: [started, end] } };
  }

  #obey({ task = '', intendedState }: AgentTask): void {
    if (parseAgentTaskId(task) === undefined) throw new Error(`'${task}' is the name of no task`);
    if (intendedState === 'DELETED') this.#tasks.delete(task);
    else if (!this.#tasks.has(task)) this.#tasks.set(task, 0);
  }
}
