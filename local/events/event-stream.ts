import type { JobFacts } from '../../shared/core/events/job-facts.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { asksForTasks, type EventFilter, isAskedFor } from './event-filter.ts';

export type EventListener = (event: OutgoingEvent) => void;

export interface Subscription {
  /** Resolves when all that was written before is told; it rejects when that cannot be read. */
  readonly caughtUp: Promise<void>;
  close(): void;
}

interface Listening {
  readonly filter: EventFilter;
  readonly listener: EventListener;
  /** What happens while a listener is still told of the past. */
  waiting: OutgoingEvent[] | undefined;
}

/** Tells listeners in this process of events, as they happen and, for who was away, of those that it missed. */
export class EventStream {
  readonly #listening = new Set<Listening>();
  readonly #past: (since: string) => AsyncIterable<OutgoingEvent>;
  readonly #log: (line: string) => void;

  /** `past` yields what is written after a message, up to the moment of the call. */
  constructor(past: (since: string) => AsyncIterable<OutgoingEvent>, log: (line: string) => void) {
    this.#past = past;
    this.#log = log;
  }

  /** `since` is the id of the last event that the listener has: what came after it is told first. */
  subscribe(filter: EventFilter, listener: EventListener, since?: string): Subscription {
    const one: Listening = { filter, listener, waiting: since === undefined ? undefined : [] };
    this.#listening.add(one);
    const caughtUp = since === undefined ? Promise.resolve() : this.#catchUp(one, this.#past(since));
    // Who does not look at it is not to end the process.
    caughtUp.catch(() => undefined);
    return { caughtUp, close: () => this.#listening.delete(one) };
  }

  /** Tells listeners of events that are written. */
  tell(events: readonly OutgoingEvent[]): void {
    for (const one of this.#listening) {
      for (const event of events) {
        if (!isAskedFor(one.filter, event)) continue;
        if (one.waiting === undefined) this.#give(one, event);
        else one.waiting.push(event);
      }
    }
  }

  /** Whether anybody listens to the single tasks of a job. */
  asksForTasks(job: JobFacts): boolean {
    for (const { filter } of this.#listening) if (asksForTasks(filter, job)) return true;
    return false;
  }

  async #catchUp(one: Listening, past: AsyncIterable<OutgoingEvent>): Promise<void> {
    for await (const event of past) {
      if (!this.#listening.has(one)) return;
      if (isAskedFor(one.filter, event)) this.#give(one, event);
    }
    for (const event of one.waiting ?? []) this.#give(one, event);
    one.waiting = undefined;
  }

  /** A listener that throws hurts nobody else. */
  #give({ listener }: Listening, event: OutgoingEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#log(`a listener could not take event ${event.id}: ${String(error)}`);
    }
  }
}
