import { join } from 'node:path';
import { EventPublisher } from '../../functions/publish-events/publish-events.ts';
import type { JobFacts } from '../../shared/core/events/job-facts.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Change, Store } from '../../shared/ports/store.ts';
import { eventsSince } from './event-files.ts';
import { EventStream } from './event-stream.ts';
import { JsonlSink } from './jsonl-sink.ts';

export interface EventsOptions {
  /** Events are written to `events/` in it. */
  readonly dataDir: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Days that events are kept; default 60, as long as a finished job. */
  readonly keepDays?: number;
  /** For jobs that carry this label the events of every single task are written, as `all`. Default `sluice-events`. */
  readonly label?: string;
}

export interface Events {
  /** Writes and tells what the changes say. Once it is done with them they may be forgotten; they may also come again. */
  consume(changes: readonly Change[]): Promise<void>;
  readonly subscribe: EventStream['subscribe'];
  close(): void;
}

/**
 * Events on one machine: a file a day, and listeners in this process.
 *
 * Events of single tasks are made for jobs that ask for them, by label or by a notification of TASK_STATE_CHANGED, and
 * while a listener asks for them. Nobody else pays: a task has two lines of three quarters of a kilobyte, which cost some
 * 15 microseconds, where all other events of a large job cost one a task.
 */
export function wireEvents(options: EventsOptions): Events {
  const { store, clock, log, keepDays = 60, label = 'sluice-events' } = options;
  const folder = join(options.dataDir, 'events');
  const file = new JsonlSink(folder, clock, keepDays, (events) => stream.tell(events));
  const stream = new EventStream((since) => eventsSince(folder, since, file.end), log);
  const publishesTasks = (job: JobFacts) => job.labels[label] === 'all' || stream.asksForTasks(job);
  const publisher = new EventPublisher({
    store,
    clock,
    sink: file,
    publishesTasks,
    deadLetter: putAside(log),
  });
  let consumed = 0;
  return {
    async consume(changes) {
      // A batch that failed elsewhere comes again: what is written of it is not written twice.
      const fresh = (changes[0]?.seq ?? 0) > consumed ? changes : changes.filter(({ seq }) => seq > consumed);
      if (fresh.length === 0) return;
      await publisher.consume(fresh);
      consumed = fresh.at(-1)?.seq ?? consumed;
    },
    subscribe: (...given) => stream.subscribe(...given),
    close: () => file.close(),
  };
}

/** A file takes every message or none, so nothing is put aside there; a sink that does so says it. */
function putAside(log: (line: string) => void) {
  return async (event: OutgoingEvent, reason: string) =>
    log(`event ${event.id} could not be published: ${reason}`);
}
