import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Larger than any valid request, so that a job that is too large gets the API's own answer. */
const BODY_LIMIT = 16 * 1024 * 1024;

/**
 * A server on the loopback address only: whoever can reach it may run programs as the user who started it. `stream` takes
 * requests whose answer has no end, and returns false for all others.
 */
export async function openHttpServer(
  port: number,
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
  stream: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<{ server: Server; endpoint: string }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (stream(request, response)) return;
    readBody(request)
      .then((body) => handle(toRequest(request, body)))
      .then((answer) => send(response, answer))
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        const body = JSON.stringify({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } });
        send(response, { status: 400, headers: { 'content-type': 'application/json' }, body });
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** What was asked for; the path is still encoded. */
export function toRequest(request: IncomingMessage, body: string | undefined): HttpRequest {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: request.headers as Record<string, string | undefined>,
    body,
  };
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error(`the request's body is larger than ${BODY_LIMIT} bytes`);
    chunks.push(chunk);
  }
  return chunks.length === 0 ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** Sends a whole answer, unless one has begun. */
export function send(response: ServerResponse, answer: HttpAnswer): void {
  if (response.headersSent) return;
  const length = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': length });
  response.end(answer.body);
}
