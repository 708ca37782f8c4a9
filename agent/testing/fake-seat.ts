import { formatAgentTaskId, parseAgentTaskId } from '../../shared/contract/agent-task-id.ts';
import type {
  AgentTask,
  AgentTaskInfo,
  NodeAssignment,
  ReportAgentStateRequest,
} from '../../shared/contract/report.ts';

/** What became of one task, as the agent reported it. */
export interface FakeOutcome {
  state: string;
  exitCode: number | undefined;
  descriptions: string[];
}

export interface FakeSeatSetting {
  taskCount: number;
  assignment: NodeAssignment;
  /** Extra variables of each task. */
  variables?: Record<string, string>;
}

/** The least that a service does for one seat: hands out tasks, opens barriers and notes how tasks end. */
export class FakeSeat {
  readonly outcomes = new Map<number, FakeOutcome>();
  /** Tasks to cancel, by index. */
  readonly cancelled = new Set<number>();
  readonly #setting: FakeSeatSetting;
  readonly #described = new Map<number, string[]>();
  readonly #active = new Set<number>();
  readonly #parked = new Map<number, number>();
  readonly #barriers: number[];
  #reached = 0;
  #next = 0;

  constructor(setting: FakeSeatSetting) {
    this.#setting = setting;
    this.#barriers = (setting.assignment.taskSpec?.runnables ?? []).flatMap((runnable, index) =>
      runnable.barrier === undefined ? [] : [index + 1],
    );
  }

  get isDone(): boolean {
    return this.outcomes.size === this.#setting.taskCount;
  }

  /** Takes a report in and returns what the agent is to do. */
  take(report: ReportAgentStateRequest): AgentTask[] {
    const said = report.agentInfo?.tasks ?? [];
    const told = said.flatMap((task) => this.#takeTask(task));
    return [...told, ...this.#resend(said), ...this.assign(report)];
  }

  /** New tasks for the agent, without a look at what it said of those that it has. */
  assign(report: ReportAgentStateRequest): AgentTask[] {
    const queueSize = report.agentInfo?.taskQueueSize ?? 0;
    const room = (this.#setting.assignment.taskSlots ?? 1) + queueSize - this.#active.size;
    const given: AgentTask[] = [];
    for (const [index, barrier] of this.#parked) {
      if (given.length >= room) break;
      if (barrier > this.#reached) continue;
      this.#parked.delete(index);
      given.push(this.#give(index));
    }
    while (given.length < room && this.#next < this.#setting.taskCount) {
      given.push(this.#give(this.#next));
      this.#next += 1;
    }
    return given;
  }

  #takeTask(said: AgentTaskInfo): AgentTask[] {
    const task = said.taskId ?? '';
    const index = parseAgentTaskId(task)?.index ?? -1;
    const { state = '', statusEvents = [] } = said.taskStatus ?? {};
    const descriptions = this.#described.get(index) ?? [];
    descriptions.push(
      ...statusEvents.flatMap(({ description }) => (description === undefined ? [] : [description])),
    );
    this.#described.set(index, descriptions);
    if (state === 'SUCCEEDED' || state === 'FAILED') {
      if (this.#active.delete(index) || this.#parked.delete(index)) {
        const exitCode = statusEvents.findLast((event) => event.taskExecution)?.taskExecution?.exitCode;
        this.outcomes.set(index, { state, exitCode, descriptions });
        this.#openBarriers();
      }
      return [{ task, intendedState: 'DELETED' }];
    }
    if (this.cancelled.has(index)) return [{ task, intendedState: 'CANCELLED' }];
    const barrier = Number(said.runnable ?? 0);
    if (!this.#barriers.includes(barrier)) return [];
    if (barrier > this.#reached) {
      this.#parked.set(index, barrier);
      this.#active.delete(index);
      this.#openBarriers();
    }
    return [
      { task, intendedState: 'ASSIGNED', reachedBarrier: String(Math.min(this.#reached, barrier - 1)) },
    ];
  }

  #openBarriers(): void {
    const awaited = this.#setting.taskCount - this.outcomes.size;
    for (const barrier of this.#barriers) {
      if (barrier <= this.#reached) continue;
      const there = [...this.#parked.values()].filter((at) => at >= barrier).length;
      if (there === awaited) this.#reached = barrier;
    }
  }

  /** Tasks that were given in an answer that got lost. */
  #resend(said: readonly AgentTaskInfo[]): AgentTask[] {
    const known = new Set(said.map((task) => task.taskId));
    return [...this.#active]
      .filter((index) => !known.has(this.#idOf(index)))
      .map((index) => this.#give(index));
  }

  #give(index: number): AgentTask {
    this.#active.add(index);
    const variables = {
      BATCH_TASK_INDEX: String(index),
      BATCH_TASK_COUNT: String(this.#setting.taskCount),
      BATCH_TASK_RETRY_ATTEMPT: '0',
      ...this.#setting.variables,
    };
    return {
      task: this.#idOf(index),
      intendedState: 'ASSIGNED',
      reachedBarrier: String(this.#reached),
      environment: { variables },
    };
  }

  #idOf(index: number): string {
    const { jobUid = '', groupId = '' } = this.#setting.assignment;
    return formatAgentTaskId({ jobUid, groupId, index, attempt: 0 });
  }
}
