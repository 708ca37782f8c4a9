import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { http, loadHttps } from '../../node-http.ts';
import type { EngineAddress } from './engine-address.ts';
import { remembered } from './remembered.ts';

/** The engine refused a request: `status` is HTTP's, the message is the engine's own. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What to ask of the engine. Query values that are objects are sent as JSON, as the engine wants its filters. */
export interface EngineRequest {
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  /** Sent as JSON, or as it is when it is bytes or a stream. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Docker Engine's HTTP API over kept connections, in the version that the engine itself speaks. No client library: the
 * known ones bring more code than the agent has.
 */
export class EngineClient {
  readonly address: EngineAddress;
  readonly #http: typeof http | ReturnType<typeof loadHttps>;
  readonly #agent: Agent;
  readonly #target: RequestOptions;
  readonly #version = remembered(() => this.#ping());
  #hasAnswered = false;

  constructor(address: EngineAddress) {
    this.address = address;
    const { connection } = address;
    const isSecure = 'tls' in connection && connection.tls !== undefined;
    this.#http = isSecure ? loadHttps() : http;
    this.#agent = new this.#http.Agent({ keepAlive: true });
    if ('socketPath' in connection) this.#target = { socketPath: connection.socketPath, host: 'docker' };
    else this.#target = { host: connection.host, port: connection.port, ...connection.tls };
  }

  /** Asks for JSON; an empty answer is undefined. Throws an EngineError when the engine refuses. */
  async call<Answer = undefined>(method: Method, path: string, asked: EngineRequest = {}): Promise<Answer> {
    const answer = await this.stream(method, path, asked);
    const body = await textOf(answer);
    return (body === '' ? undefined : parsed(body)) as Answer;
  }

  /** Asks for something that comes bit by bit: the answer once its status is known to be good. */
  async stream(method: Method, path: string, asked: EngineRequest = {}): Promise<IncomingMessage> {
    const options = { ...(await this.#options(method, path, asked)), agent: this.#agent };
    return await new Promise((resolve, reject) => {
      const sent = this.#http.request(options);
      sent.on('error', reject);
      sent.on('response', (answer) => {
        if ((answer.statusCode ?? 500) < 400) resolve(answer);
        else refusal(answer).then(reject, reject);
      });
      send(sent, asked.body);
    });
  }

  /** Asks for a connection of one's own, as `attach` gives: bytes in both directions, no HTTP any more. */
  async upgrade(path: string, asked: EngineRequest = {}): Promise<Duplex> {
    const options = await this.#options('POST', path, asked);
    const headers = { ...options.headers, connection: 'Upgrade', upgrade: 'tcp' };
    return await new Promise((resolve, reject) => {
      const sent = this.#http.request({ ...options, headers, agent: false });
      sent.on('error', reject);
      sent.on('upgrade', (_answer, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      sent.on('response', (answer) => refusal(answer).then(reject, reject));
      send(sent, asked.body);
    });
  }

  /** The newest version of the API that the engine speaks, such as `1.41`; throws when nobody answers. */
  async version(): Promise<string> {
    return await this.#version();
  }

  /** Whether the engine was ever there: only then was it asked for anything. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Lets kept connections go. */
  close(): void {
    this.#agent.destroy();
  }

  async #ping(): Promise<string> {
    return await new Promise((resolve, reject) => {
      const sent = this.#http.request({ ...this.#target, method: 'GET', path: '/_ping', agent: this.#agent });
      sent.setTimeout(PING_MS, () => sent.destroy(new Error(`no answer within ${PING_MS / 1000} s`)));
      sent.on('error', reject);
      sent.on('response', (answer) => {
        answer.resume();
        const version = answer.headers['api-version'];
        if (answer.statusCode === 200 && typeof version === 'string') {
          this.#hasAnswered = true;
          resolve(version);
        } else reject(new Error(`what answers (HTTP ${answer.statusCode}) is no Docker engine`));
      });
      sent.end();
    });
  }

  async #options(method: Method, path: string, asked: EngineRequest): Promise<RequestOptions> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(asked.query ?? {})) {
      if (value !== undefined)
        query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    const isJson = asked.body !== undefined && !isRaw(asked.body);
    return {
      ...this.#target,
      method,
      path: `/v${await this.version()}${path}${query.size > 0 ? `?${query}` : ''}`,
      headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...asked.headers },
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    };
  }
}

const PING_MS = 5_000;

function send(sent: ClientRequest, body: object | undefined): void {
  if (body === undefined) sent.end();
  else if (isStream(body)) body.pipe(sent);
  else sent.end(isRaw(body) ? body : JSON.stringify(body));
}

function isStream(body: object): body is NodeJS.ReadableStream {
  return 'pipe' in body;
}

function isRaw(body: object): boolean {
  return body instanceof Uint8Array || isStream(body);
}

async function refusal(answer: IncomingMessage): Promise<EngineError> {
  const body = await textOf(answer);
  const message = (parsed(body) as { message?: string } | undefined)?.message ?? body.trim();
  return new EngineError(answer.statusCode ?? 500, message || `HTTP ${answer.statusCode}`);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
