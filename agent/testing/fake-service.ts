import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  AgentTask,
  ReportAgentStateRequest,
  ReportAgentStateResponse,
} from '../../shared/contract/report.ts';
import { type FakeOutcome, FakeSeat, type FakeSeatSetting } from './fake-seat.ts';

export interface FakeServiceSetting extends FakeSeatSetting {
  minReportInterval?: string;
  defaultReportInterval?: string;
}

/** A service over HTTP with one job and one seat, for running a real agent against it. */
export class FakeService {
  readonly seat: FakeSeat;
  readonly reports: ReportAgentStateRequest[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Set to have every report refused with this status. */
  refusal: { code: number; status: string } | undefined;
  /** Counts down reports to fail with 503. */
  failures = 0;
  readonly #setting: FakeServiceSetting;
  readonly #server: http.Server;
  readonly #held = new Set<() => void>();
  #whenDone: (() => void) | undefined;

  constructor(setting: FakeServiceSetting) {
    this.#setting = setting;
    this.seat = new FakeSeat(setting);
    this.#server = http.createServer((request, response) => this.#serve(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  get outcomes(): Map<number, FakeOutcome> {
    return this.seat.outcomes;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.address;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Resolves when every task has ended. */
  async done(): Promise<void> {
    if (this.seat.isDone) return;
    await new Promise<void>((resolve) => {
      this.#whenDone = resolve;
    });
  }

  /** Answers reports that are held back, so that something new is seen at once. */
  nudge(): void {
    for (const answer of [...this.#held]) answer();
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const report = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ReportAgentStateRequest;
      this.authorizations.push(request.headers.authorization);
      this.reports.push(report);
      const refusal = this.#refuse();
      if (refusal !== undefined) return send(response, refusal);
      const tasks = this.seat.take(report);
      if (this.seat.isDone) this.#whenDone?.();
      if (request.headers.prefer === undefined || tasks.length > 0) {
        return send(response, this.#answer(report, tasks));
      }
      this.#hold(response, report);
    });
  }

  #hold(response: http.ServerResponse, report: ReportAgentStateRequest): void {
    const answer = () => {
      clearTimeout(timer);
      this.#held.delete(answer);
      send(response, this.#refuse() ?? this.#answer(report, this.seat.assign(report)));
    };
    const timer = setTimeout(answer, 10_000);
    this.#held.add(answer);
    response.on('close', () => {
      clearTimeout(timer);
      this.#held.delete(answer);
    });
  }

  #refuse(): Answer | undefined {
    if (this.refusal !== undefined) return refuse(this.refusal.code, this.refusal.status);
    if (this.failures === 0) return undefined;
    this.failures -= 1;
    return refuse(503, 'UNAVAILABLE');
  }

  #answer(report: ReportAgentStateRequest, tasks: AgentTask[]): Answer {
    const { minReportInterval = '0.005s', defaultReportInterval = '10s', assignment } = this.#setting;
    const body: ReportAgentStateResponse = { tasks, minReportInterval, defaultReportInterval };
    if (report.agentInfo?.needsAssignment === true) body.assignment = assignment;
    return { code: 200, body };
  }
}

interface Answer {
  code: number;
  body: ReportAgentStateResponse | { error: object };
}

function refuse(code: number, status: string): Answer {
  return { code, body: { error: { code, status, message: `refused with ${status}` } } };
}

function send(response: http.ServerResponse, { code, body }: Answer): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
