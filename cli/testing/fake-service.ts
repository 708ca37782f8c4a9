import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the fake service saw it. */
export interface SeenRequest {
  method: string;
  /** Below `/v1/`. */
  path: string;
  query: Record<string, string>;
  body: unknown;
}

/** What to answer: a status and JSON, or `drop` to cut the connection without an answer. */
export type FakeAnswer = { status?: number; json: unknown; headers?: Record<string, string> } | 'drop';

export type Answerer = (request: SeenRequest) => FakeAnswer | undefined;

/** A real HTTP server that answers what a test says, and remembers what it was asked. */
export class FakeService {
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;

  private constructor(answer: Answerer) {
    this.#server = createServer((request, response) => void this.#handle(answer, request, response));
  }

  static async start(answer: Answerer): Promise<FakeService> {
    const service = new FakeService(answer);
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests of one method, as `path`s. */
  paths(method: string): string[] {
    return this.requests.filter((request) => request.method === method).map(({ path }) => path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(answer: Answerer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', 'http://fake');
    const seen = {
      method: request.method ?? '',
      path: url.pathname.replace(/^\/v1\//, ''),
      query: Object.fromEntries(url.searchParams),
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.requests.push(seen);
    const given = answer(seen) ?? notFoundAnswer(seen.path);
    if (given === 'drop') {
      request.socket.destroy();
      return;
    }
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers });
    response.end(JSON.stringify(given.json));
  }
}

/** An error as the API answers it. */
export function errorAnswer(
  httpStatus: number,
  status: string,
  message: string,
  details: unknown[] = [],
): FakeAnswer {
  return { status: httpStatus, json: { error: { code: httpStatus, status, message, details } } };
}

function notFoundAnswer(path: string): FakeAnswer {
  return errorAnswer(404, 'NOT_FOUND', `Resource '${path}' was not found.`);
}
