import type { Host } from '../host.ts';
import type { Authorize } from './authorization.ts';
import { type ServerSentEvent, serverSentEvents } from './event-stream.ts';
import { isLoopback } from './loopback.ts';
import { excerpt, refusal, ServiceUnreachable } from './refusal.ts';
import { isPassing, retryAfterMs, retryDelayMs } from './retry.ts';

/** One call of the API. */
export interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1/`: `projects/…/jobs`. */
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
}

export interface ConnectionOptions {
  /** Where the service is: `http://127.0.0.1:8080`. */
  endpoint: string;
  host: Pick<Host, 'now' | 'random' | 'sleep'>;
  /** How the service knows its caller; on one machine it does not ask. */
  authorize?: Authorize | undefined;
  /** How long to go on trying while the service does not answer. */
  retryForMs?: number;
  signal?: AbortSignal | undefined;
}

const DEFAULT_RETRY_MS = 2_000;
/** As long as Google's own clients wait for an answer. */
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Sends calls to the service and retries what may pass. Every call here can be repeated without harm: reads by nature, and
 * changes because each carries a request id.
 */
export class Connection {
  readonly endpoint: string;
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.endpoint = options.endpoint.replace(/\/+(v1\/*)?$/, '');
    this.#options = options;
  }

  /** Whether the service is on this machine, where asking costs nothing. */
  get isNear(): boolean {
    return isLoopback(this.endpoint);
  }

  /** The same service, tried for longer: for commands that watch, which should outlive a restart of the service. */
  patient(retryForMs: number, signal?: AbortSignal): Connection {
    return new Connection({ ...this.#options, retryForMs, signal });
  }

  /** The JSON of the answer. Throws ApiError for what the service refuses and ServiceUnreachable when it is not there. */
  async send<T>(call: Call): Promise<T> {
    const { host, retryForMs = DEFAULT_RETRY_MS, signal } = this.#options;
    const startedAt = host.now();
    for (let tries = 1; ; tries++) {
      const result = await this.#try(call);
      if (result.kind === 'answer') return result.json as T;
      const failed = { tries, elapsedMs: host.now() - startedAt, random: host.random() };
      const delay = result.mayPass
        ? retryDelayMs({ ...failed, retryAfterMs: result.retryAfterMs }, retryForMs)
        : undefined;
      if (delay === undefined || signal?.aborted) throw result.error;
      await host.sleep(delay, signal);
    }
  }

  /** The server-sent events of a call, until they end. Throws like `send`, and ServiceUnreachable when the connection breaks. */
  async *stream(
    { path, query }: Pick<Call, 'path' | 'query'>,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ServerSentEvent> {
    const { url, headers } = await this.#authorized('GET', this.#url(path, query), undefined);
    const since = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    let response: Response;
    try {
      response = await fetch(url, { headers: { ...headers, ...since, accept: 'text/event-stream' }, signal });
    } catch (cause) {
      throw this.#unreachable(cause);
    }
    if (!response.ok || response.body === null) throw this.#refusal(response, await response.text());
    try {
      yield* serverSentEvents(response.body.pipeThrough(new TextDecoderStream()));
    } catch (cause) {
      throw this.#unreachable(cause);
    }
  }

  async #try({ method, path, query, body }: Call): Promise<TryResult> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { url, headers } = await this.#authorized(method, this.#url(path, query), text);
    let response: Response;
    let answer: string;
    try {
      response = await fetch(url, {
        method,
        signal: this.#signal(),
        ...(text === undefined
          ? { headers }
          : { headers: { 'content-type': 'application/json', ...headers }, body: text }),
      });
      answer = await response.text();
    } catch (cause) {
      return { kind: 'failure', error: this.#unreachable(cause), mayPass: true };
    }
    if (response.ok) return this.#parse(answer);
    return {
      kind: 'failure',
      error: this.#refusal(response, answer),
      mayPass: isPassing(response.status),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
    };
  }

  #unreachable(cause: unknown): ServiceUnreachable {
    return new ServiceUnreachable(`cannot reach ${this.endpoint} (${reasonOf(cause)})`, { cause });
  }

  #refusal({ status, headers }: Response, text: string): Error {
    const { now } = this.#options.host;
    return refusal({ status, text, endpoint: this.endpoint, date: headers.get('date'), now: now() });
  }

  async #authorized(method: string, url: string, body: string | undefined) {
    const { authorize } = this.#options;
    return authorize === undefined ? { url, headers: {} } : await authorize({ method, url, body });
  }

  #parse(text: string): TryResult {
    try {
      return { kind: 'answer', json: text === '' ? {} : JSON.parse(text) };
    } catch (cause) {
      const error = new ServiceUnreachable(`${this.endpoint} answered no JSON: ${excerpt(text)}`, { cause });
      return { kind: 'failure', error, mayPass: false };
    }
  }

  #url(path: string, query: Call['query'] = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') search.set(name, String(value));
    }
    const suffix = search.size > 0 ? `?${search}` : '';
    return `${this.endpoint}/v1/${path}${suffix}`;
  }

  #signal(): AbortSignal {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return this.#options.signal ? AbortSignal.any([this.#options.signal, timeout]) : timeout;
  }
}

type TryResult =
  | { kind: 'answer'; json: unknown }
  | { kind: 'failure'; error: Error; mayPass: boolean; retryAfterMs?: number | undefined };

/** Node's fetch says only "fetch failed"; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
