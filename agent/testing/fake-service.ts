import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatAgentTaskId, parseAgentTaskId } from '../../shared/contract/agent-task-id.ts';
import type {
  AgentTask,
  AgentTaskInfo,
  NodeAssignment,
  ReportAgentStateRequest,
  ReportAgentStateResponse,
} from '../../shared/contract/report.ts';

/** What became of one task, as the agent reported it. */
export interface FakeOutcome {
  state: string;
  exitCode: number | undefined;
  descriptions: string[];
}

export interface FakeServiceSetting {
  taskCount: number;
  assignment: NodeAssignment;
  minReportInterval?: string;
  defaultReportInterval?: string;
  /** Extra variables of each task. */
  variables?: Record<string, string>;
}

/** A service with one job and one seat, for running a real agent against it. */
export class FakeService {
  readonly outcomes = new Map<number, FakeOutcome>();
  readonly reports: ReportAgentStateRequest[] = [];
  readonly prefers: (string | undefined)[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Set to have every report refused with this status. */
  refusal: { code: number; status: string } | undefined;
  /** Counts down reports to fail with 503. */
  failures = 0;
  /** Tasks to cancel, by index. */
  readonly cancelled = new Set<number>();
  readonly #setting: FakeServiceSetting;
  readonly #server: http.Server;
  readonly #described = new Map<number, string[]>();
  readonly #active = new Map<number, AgentTaskInfo | undefined>();
  readonly #parked = new Map<number, number>();
  readonly #waiting = new Set<() => void>();
  readonly #barriers: number[];
  #reached = 0;
  #next = 0;
  #whenDone: (() => void) | undefined;

  constructor(setting: FakeServiceSetting) {
    this.#setting = setting;
    this.#barriers = (setting.assignment.taskSpec?.runnables ?? []).flatMap((runnable, index) =>
      runnable.barrier === undefined ? [] : [index + 1],
    );
    this.#server = http.createServer((request, response) => this.#serve(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this.address;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves when every task has ended. */
  async done(): Promise<void> {
    if (this.outcomes.size === this.#setting.taskCount) return;
    await new Promise<void>((resolve) => {
      this.#whenDone = resolve;
    });
  }

  /** Answers reports that are held back, so that something new is seen at once. */
  nudge(): void {
    for (const answer of [...this.#waiting]) answer();
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ReportAgentStateRequest;
      const { prefer, authorization } = request.headers;
      this.prefers.push(prefer as string | undefined);
      this.authorizations.push(authorization);
      this.reports.push(body);
      const answer = this.#answer(body);
      const isEmpty = 'tasks' in answer.body && answer.body.tasks?.length === 0;
      if (prefer === undefined || !isEmpty) return send(response, answer);
      const held = () => {
        clearTimeout(timer);
        this.#waiting.delete(held);
        send(response, this.#answer({ agentInfo: { ...body.agentInfo, tasks: [] } }));
      };
      const timer = setTimeout(held, 10_000);
      this.#waiting.add(held);
      response.on('close', () => {
        clearTimeout(timer);
        this.#waiting.delete(held);
      });
    });
  }

  #answer(report: ReportAgentStateRequest): Answer {
    if (this.refusal !== undefined) return refuse(this.refusal.code, this.refusal.status);
    if (this.failures > 0) {
      this.failures -= 1;
      return refuse(503, 'UNAVAILABLE');
    }
    const { minReportInterval = '0.005s', defaultReportInterval = '10s' } = this.#setting;
    const tasks = (report.agentInfo?.tasks ?? []).flatMap((task) => this.#takeTask(task));
    tasks.push(...this.#resend(report), ...this.#assign(report));
    if (this.outcomes.size === this.#setting.taskCount) this.#whenDone?.();
    const body: ReportAgentStateResponse = { tasks, minReportInterval, defaultReportInterval };
    if (report.agentInfo?.needsAssignment === true) body.assignment = this.#setting.assignment;
    return { code: 200, body };
  }

  #takeTask(said: AgentTaskInfo): AgentTask[] {
    const task = said.taskId ?? '';
    const index = parseAgentTaskId(task)?.index ?? -1;
    const { state = '', statusEvents = [] } = said.taskStatus ?? {};
    const descriptions = [...(this.#described.get(index) ?? []), ...describedIn(statusEvents)];
    this.#described.set(index, descriptions);
    if (state === 'SUCCEEDED' || state === 'FAILED') {
      if (this.#active.delete(index) || this.#parked.delete(index)) {
        const exitCode = statusEvents.findLast((event) => event.taskExecution)?.taskExecution?.exitCode;
        this.outcomes.set(index, { state, exitCode, descriptions });
      }
      return [{ task, intendedState: 'DELETED' }];
    }
    if (this.cancelled.has(index)) return [{ task, intendedState: 'CANCELLED' }];
    const barrier = Number(said.runnable ?? 0);
    if (!this.#barriers.includes(barrier) || barrier <= this.#reached) return [];
    this.#parked.set(index, barrier);
    this.#active.delete(index);
    const awaited = this.#setting.taskCount - this.outcomes.size;
    if ([...this.#parked.values()].filter((at) => at >= barrier).length === awaited) this.#reached = barrier;
    return [{ task, intendedState: 'ASSIGNED', reachedBarrier: String(this.#reached) }];
  }

  /** Tasks that were given before in an answer that got lost. */
  #resend(report: ReportAgentStateRequest): AgentTask[] {
    const said = new Set((report.agentInfo?.tasks ?? []).map((task) => task.taskId));
    const missing = [...this.#active.keys()].filter((index) => !said.has(this.#idOf(index)));
    return report.agentInfo?.tasks?.length === 0 && missing.length > 0
      ? missing.map((i) => this.#give(i))
      : [];
  }

  #assign(report: ReportAgentStateRequest): AgentTask[] {
    const room =
      (this.#setting.assignment.taskSlots ?? 1) + (report.agentInfo?.taskQueueSize ?? 0) - this.#active.size;
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

  #give(index: number): AgentTask {
    this.#active.set(index, undefined);
    return {
      task: this.#idOf(index),
      intendedState: 'ASSIGNED',
      reachedBarrier: String(this.#reached),
      environment: {
        variables: {
          BATCH_TASK_INDEX: String(index),
          BATCH_TASK_COUNT: String(this.#setting.taskCount),
          BATCH_TASK_RETRY_ATTEMPT: '0',
          ...this.#setting.variables,
        },
      },
    };
  }

  #idOf(index: number): string {
    const { jobUid = '', groupId = '' } = this.#setting.assignment;
    return formatAgentTaskId({ jobUid, groupId, index, attempt: 0 });
  }
}

interface Answer {
  code: number;
  body: ReportAgentStateResponse | { error: object };
}

function describedIn(events: readonly { description?: string | undefined }[]): string[] {
  return events.flatMap(({ description }) => (description === undefined ? [] : [description]));
}

function refuse(code: number, status: string): Answer {
  return { code, body: { error: { code, status, message: `refused with ${status}` } } };
}

function send(response: http.ServerResponse, { code, body }: Answer): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
