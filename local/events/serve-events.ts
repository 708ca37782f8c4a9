import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorAnswer } from '../../functions/jobs-api/routes.ts';
import type { Store } from '../../shared/ports/store.ts';
import { type HttpRequest, send, toRequest } from '../http/http-server.ts';
import { type EventRequest, eventRoute, noPosition, readEventRequest } from './event-request.ts';
import { lineOf } from './jsonl-sink.ts';
import { formatPosition } from './log-position.ts';
import type { Events } from './wire-events.ts';

export interface ServeEventsPorts {
  readonly store: Store;
  readonly events: Events;
  readonly logError: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
  /** Pages of this origin may follow events too. */
  readonly allowOrigin?: string | undefined;
}

/** A comment so often keeps proxies from taking the silence for death. */
const HEARTBEAT_MS = 15_000;
/** When a browser comes back after a restart of the service. */
const RETRY_MS = 2_000;

/**
 * Answers `GET …/events` as server-sent events: `id` is the place to come back with as `Last-Event-ID`, `data` the line of
 * the file. Returns false for a request of anything else. Nothing is read ahead of what the client takes.
 */
export function serveEvents(
  ports: ServeEventsPorts,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const asked = toRequest(request, undefined);
  // Each agent's report comes by here first.
  if (!asked.path.endsWith('/events')) return false;
  const route = readRoute(asked);
  if (route === undefined) return false;
  // From the first on: who leaves while the request is read is missed by whoever listens later.
  const left = new AbortController();
  response.on('close', () => left.abort());
  readEventRequest(ports.store, route, asked.query, asked.headers['last-event-id'])
    .then((wanted) => stream(ports, wanted, response, left.signal))
    .catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, errorAnswer(ports, asked, error));
    });
  return true;
}

/** A path that cannot be decoded is refused with all others of its kind. */
function readRoute({ method, path }: HttpRequest): ReturnType<typeof eventRoute> {
  try {
    return eventRoute(method, path);
  } catch {
    return undefined;
  }
}

async function stream(
  { events, allowOrigin }: ServeEventsPorts,
  asked: EventRequest,
  response: ServerResponse,
  left: AbortSignal,
) {
  const { filter, from = events.log.end } = asked;
  if (!(await events.log.isPlace(from))) throw noPosition(formatPosition(from));
  if (left.aborted) return;
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=UTF-8',
    'cache-control': 'no-store',
    ...(allowOrigin === undefined ? {} : { 'access-control-allow-origin': allowOrigin }),
  });
  response.write(`retry: ${RETRY_MS}\nid: ${formatPosition(from)}\n\n`);
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  try {
    for await (const followed of events.follow(filter, from, left)) {
      const text = followed.map(
        ({ event, position }) => `id: ${formatPosition(position)}\ndata: ${lineOf(event)}\n`,
      );
      if (!response.write(text.join(''))) await once(response, 'drain', { signal: left });
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}
