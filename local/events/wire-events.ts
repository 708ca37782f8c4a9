import { join } from 'node:path';
import { EventPublisher } from '../../functions/publish-events/publish-events.ts';
import { type JobFacts, wantsTaskEvents } from '../../shared/core/events/job-facts.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Change, Store } from '../../shared/ports/store.ts';
import { asksForTasks, type EventFilter } from './event-filter.ts';
import { EventLog } from './event-log.ts';
import { deliverEvents, type Receiver } from './event-receiver.ts';
import { type Followed, followEvents } from './follow-events.ts';
import { JsonlSink } from './jsonl-sink.ts';
import { keptPosition } from './kept-position.ts';
import type { LogPosition } from './log-position.ts';
import { putAside } from './put-aside.ts';
import { topicFiles } from './topic-files.ts';
import { webhook, webhookId } from './webhook.ts';

export interface EventsOptions {
  /** Events are written to `events/` in it. */
  readonly dataDir: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** Every event is sent to each of these. */
  readonly webhooks?: readonly string[];
  /** What messages to webhooks are signed with. */
  readonly webhookSecret?: Buffer;
  /** Days that events are kept; default 60, as long as a finished job. */
  readonly keepDays?: number;
}

export interface Events {
  /** Writes what the changes say. Once it is done with them they may be forgotten; they may also come again. */
  consume(changes: readonly Change[]): Promise<void>;
  readonly log: EventLog;
  /** What a filter asks for, from a place in the log on and without an end, until `signal` is aborted. */
  follow(filter: EventFilter, from: LogPosition, signal: AbortSignal): AsyncGenerator<Followed[]>;
  close(): Promise<void>;
}

/**
 * Events on one machine: the log, which is a file a day, and who reads it: the files of topics, webhooks, and whoever
 * follows. Each goes through the log at its own pace.
 *
 * Events of single tasks are made for jobs that ask for them by label, and while somebody who follows asks for them. Nobody
 * else pays: a task has two lines of three quarters of a kilobyte, which cost some 15 microseconds, where all other events
 * of a large job cost one a task.
 */
export function wireEvents(options: EventsOptions): Events {
  const { store, clock, random, log: say, keepDays = 60 } = options;
  const folder = join(options.dataDir, 'events');
  const file = new JsonlSink(folder, clock, keepDays, () => log.grew());
  const log = new EventLog(folder, () => file.end);
  const following = new Set<EventFilter>();
  const publishesTasks = (job: JobFacts) =>
    wantsTaskEvents(job) || [...following].some((filter) => asksForTasks(filter, job));
  const aside = putAside(join(folder, 'put-aside.jsonl'), say);
  const deadLetter = (event: OutgoingEvent, reason: string) => aside('the log', event, reason);
  const publisher = new EventPublisher({ store, clock, sink: file, publishesTasks, deadLetter });

  const closing = new AbortController();
  const ports = { log, clock, random, putAside: aside, say };
  const deliver = (receiver: Receiver, id: string) =>
    deliverEvents(receiver, keptPosition(join(folder, 'receivers', id)), ports, closing.signal).catch(
      (error: unknown) => say(`${receiver.name} is told of no further events: ${String(error)}`),
    );
  const secret = options.webhookSecret === undefined ? {} : { secret: options.webhookSecret };
  const hook = { ...secret, clock, begin: log.end, stop: closing.signal };
  const deliveries = [
    deliver(topicFiles(join(folder, 'topics')), 'topics'),
    ...(options.webhooks ?? []).map((url) => deliver(webhook({ ...hook, url }), webhookId(url))),
  ];

  let consumed = 0;
  return {
    log,
    async consume(changes) {
      // A batch that failed elsewhere comes again: what is written of it is not written twice.
      const fresh = (changes[0]?.seq ?? 0) > consumed ? changes : changes.filter(({ seq }) => seq > consumed);
      if (fresh.length === 0) return;
      await publisher.consume(fresh);
      consumed = fresh.at(-1)?.seq ?? consumed;
    },
    async *follow(filter, from, signal) {
      following.add(filter);
      try {
        yield* followEvents(log, filter, from, AbortSignal.any([signal, closing.signal]));
      } finally {
        following.delete(filter);
      }
    },
    async close() {
      closing.abort();
      await Promise.all(deliveries);
      file.close();
    },
  };
}
