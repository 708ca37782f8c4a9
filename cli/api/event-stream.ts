import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Host } from '../host.ts';
import type { Call, Connection } from './connection.ts';
import { ServiceUnreachable } from './refusal.ts';

export interface FollowOptions {
  readonly host: Pick<Host, 'now' | 'sleep'>;
  readonly signal: AbortSignal;
  /** How long a service that was there may be away. */
  readonly patienceMs: number;
}

const PAUSE_MS = 500;

/**
 * Follows a stream of events until `signal` is aborted, over restarts of the service: each time it goes on from the last
 * event that came. Yields `opened` whenever the stream is there: what happens from then on is on it. Throws ApiError for what
 * the service refuses.
 */
export async function* followEvents(
  connection: Connection,
  call: Pick<Call, 'path' | 'query'>,
  { host, signal, patienceMs }: FollowOptions,
): AsyncGenerator<OutgoingEvent | 'opened'> {
  let lastEventId: string | undefined;
  let awaySince: number | undefined;
  while (!signal.aborted) {
    try {
      for await (const message of connection.stream(call, lastEventId, signal)) {
        const isFirst = message.data === undefined;
        awaySince = undefined;
        lastEventId = message.id ?? lastEventId;
        if (isFirst) yield 'opened';
        else yield JSON.parse(message.data ?? '') as OutgoingEvent;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ServiceUnreachable) || lastEventId === undefined) throw error;
      awaySince ??= host.now();
      if (host.now() - awaySince > patienceMs) throw error;
    }
    if (!signal.aborted) await host.sleep(PAUSE_MS, signal);
  }
}

/** A server-sent event: `data` is absent in the first of a stream, which tells the place that it begins at. */
export interface ServerSentEvent {
  readonly id?: string;
  readonly data?: string;
}

/** Reads server-sent events as this service writes them (HTML Living Standard, 9.2.6). */
export async function* serverSentEvents(body: AsyncIterable<string>): AsyncGenerator<ServerSentEvent> {
  let text = '';
  for await (const chunk of body) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map<string, string>();
      for (const line of text.slice(0, end).split('\n')) {
        const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
        const before = fields.get(name);
        fields.set(name, before === undefined || name !== 'data' ? value : `${before}\n${value}`);
      }
      text = text.slice(end + 2);
      const [id, data] = [fields.get('id'), fields.get('data')];
      // A comment keeps the connection alive, and is no event.
      if (id === undefined && data === undefined) continue;
      yield { ...(id === undefined ? {} : { id }), ...(data === undefined ? {} : { data }) };
    }
  }
}
