import { createHash, createHmac } from 'node:crypto';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EventSink, FailedEvent, OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Receiver } from './event-receiver.ts';
import { lineOf } from './jsonl-sink.ts';
import type { LogPosition } from './log-position.ts';
import { RecentIds } from './recent-ids.ts';

export interface WebhookOptions {
  readonly url: string;
  /** The key that messages are signed with; unsigned without one. */
  readonly secret?: Buffer;
  readonly clock: Clock;
  /** Where a webhook that is new begins. */
  readonly begin: LogPosition;
  /** Breaks off what is under way. */
  readonly stop: AbortSignal;
}

/** Requests at a time, of different subjects. */
const AT_ONCE = 8;
const ANSWER_MS = 15_000;
const IDS_KEPT = 2_000;
/** What a webhook has answered with an error for so long is put aside; one that does not answer is waited for. */
const PATIENCE_MS = 60 * 60 * 1000;
/** Answers that are a verdict on the message; all others say that the webhook is not what it should be. */
const VERDICTS = new Set([400, 413, 422]);

/** A receiver of every event: each is a POST with the line of the file as its body, in the order of its subject. */
export function webhook(options: WebhookOptions): Receiver {
  return {
    name: `the webhook ${new URL(options.url).origin}`,
    sink: new Webhook(options),
    begin: options.begin,
    wants: (line) => !line.includes('"topic":'),
  };
}

/** The name of the file that keeps a webhook's place. */
export function webhookId(url: string): string {
  return `webhook-${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;
}

/**
 * Headers as Standard Webhooks has them: `webhook-id` is the same whenever a message is sent again; `webhook-signature` is
 * `v1,` and the base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}`.
 */
export function webhookHeaders(
  event: Pick<OutgoingEvent, 'id'>,
  body: string,
  { secret, now }: { secret?: Buffer | undefined; now: number },
): Record<string, string> {
  const id = `evt_${createHash('sha256').update(event.id).digest('hex').slice(0, 32)}`;
  const timestamp = String(Math.floor(now / 1000));
  const headers = { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return headers;
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}

class Webhook implements EventSink {
  readonly batchSize = AT_ONCE;
  readonly keepsOrder = false;
  readonly #options: WebhookOptions;
  readonly #taken = new RecentIds(IDS_KEPT);
  readonly #failingSince = new Map<string, number>();

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  async publish(batch: readonly OutgoingEvent[]): Promise<{ failed: FailedEvent[] }> {
    const fresh = batch.filter(({ id }) => !this.#taken.has(id));
    const sent = await Promise.allSettled(fresh.map((event) => this.#send(event)));
    for (const result of sent) if (result.status === 'rejected') throw result.reason;
    return { failed: sent.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : [])) };
  }

  /** Throws when the webhook is not there. */
  async #send(event: OutgoingEvent): Promise<FailedEvent | undefined> {
    const { url, secret, clock, stop } = this.#options;
    const body = lineOf(event).trimEnd();
    const response = await fetch(url, {
      method: 'POST',
      headers: webhookHeaders(event, body, { secret, now: clock.now() }),
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(ANSWER_MS)]),
    });
    await response.body?.cancel();
    if (response.ok) {
      this.#taken.add(event.id);
      this.#failingSince.delete(event.id);
      return undefined;
    }
    return this.#refused(event, response.status);
  }

  #refused({ id }: OutgoingEvent, status: number): FailedEvent {
    const reason = `it was answered with ${status}`;
    if (VERDICTS.has(status)) return { id, reason, retryable: true };
    const now = this.#options.clock.now();
    const since = this.#failingSince.get(id) ?? now;
    this.#failingSince.set(id, since);
    if (now - since < PATIENCE_MS) throw new Error(reason);
    this.#failingSince.delete(id);
    return { id, reason: `${reason} for an hour`, retryable: false };
  }
}
