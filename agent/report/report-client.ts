import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { ReportAgentStateRequest, ReportAgentStateResponse } from '../../shared/contract/report.ts';
import { http, loadHttps } from '../node-http.ts';
import type { Endpoint } from './endpoint.ts';

/** What became of a report. `refused`: the service does not want this agent. `failed`: it may be tried again. */
export type ReportResult =
  | { kind: 'answered'; response: ReportAgentStateResponse }
  | { kind: 'refused'; message: string }
  | { kind: 'failed'; message: string };

const ANSWER_MS = 20_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const refusals = new Set(['FAILED_PRECONDITION', 'UNAUTHENTICATED', 'PERMISSION_DENIED', 'NOT_FOUND']);
const refusalCodes = new Set([400, 401, 403, 404]);

/** Sends reports over one kept connection; a new report ends one that is still under way. */
export class ReportClient {
  readonly #endpoint: Endpoint;
  readonly #path: string;
  readonly #token: string;
  readonly #agents = new Map<string, Agent>();
  #underWay: ClientRequest | undefined;

  constructor(endpoint: Endpoint, parent: string, token: string) {
    this.#endpoint = endpoint;
    this.#path = `/v1/${parent}/state:report`;
    this.#token = token;
  }

  /** Never throws: whatever goes wrong is a result. */
  async send(body: ReportAgentStateRequest, waitSeconds: number): Promise<ReportResult> {
    this.#underWay?.destroy();
    try {
      const { code, text } = await this.#post(JSON.stringify(body), waitSeconds);
      this.#underWay = undefined;
      return resultOf(code, text);
    } catch (error) {
      this.#endpoint.lookAgain();
      return { kind: 'failed', message: (error as Error).message };
    }
  }

  /** Gives up a report under way and closes the connections. */
  close(): void {
    this.#underWay?.destroy();
    for (const agent of this.#agents.values()) agent.destroy();
  }

  async #post(body: string, waitSeconds: number): Promise<{ code: number; text: string }> {
    const url = new URL(this.#endpoint.address + this.#path);
    const client = url.protocol === 'https:' ? loadHttps() : http;
    return new Promise((resolve, reject) => {
      const request = client.request(url, {
        method: 'POST',
        agent: this.#agentFor(client, url.protocol),
        timeout: ANSWER_MS + waitSeconds * 1000,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${this.#token}`,
          ...(waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {}),
        },
      });
      this.#underWay = request;
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', reject);
      request.on('response', (response) => {
        readText(response).then((text) => resolve({ code: response.statusCode ?? 0, text }), reject);
      });
      request.end(body);
    });
  }

  #agentFor(client: Pick<typeof http, 'Agent'>, protocol: string): Agent {
    const agent = this.#agents.get(protocol) ?? new client.Agent({ keepAlive: true, maxSockets: 2 });
    this.#agents.set(protocol, agent);
    return agent;
  }
}

/** What an HTTP answer means to the agent. */
export function resultOf(code: number, text: string): ReportResult {
  const body = parse(text);
  if (code === 200 && body !== undefined) {
    return { kind: 'answered', response: body as ReportAgentStateResponse };
  }
  const { status, message } = (body?.error ?? {}) as { status?: string; message?: string };
  const said = `HTTP ${code} ${status ?? ''} ${message ?? ''}`.trim();
  const isRefusal = refusalCodes.has(code) && status !== undefined && refusals.has(status);
  return { kind: isRefusal ? 'refused' : 'failed', message: said };
}

function parse(text: string): { error?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'));
    });
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('error', reject);
  });
}
