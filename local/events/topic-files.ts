import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EventSink, FailedEvent, OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { cutTornLine, lastIds } from './event-files.ts';
import { topicFile } from './event-filter.ts';
import type { Receiver } from './event-receiver.ts';
import { lineOf } from './jsonl-sink.ts';
import { OLDEST } from './log-position.ts';
import { RecentIds } from './recent-ids.ts';

/** More than a chunk of the log. */
const LOOK_BACK_BYTES = 1024 * 1024;
const IDS_KEPT = 5_000;

/** Appends text to a file. A part of it may be there when this throws. */
type Append = (file: string, text: string, options: { readonly mode: number }) => void;

/** What jobs tell topics of their own: on one machine a topic is `{folder}/{topic}.jsonl`, whatever its project or account. */
export function topicFiles(folder: string, append: Append = appendFileSync): Receiver {
  return {
    name: 'the files of topics',
    sink: new TopicFiles(folder, append),
    begin: OLDEST,
    wants: (line) => line.includes('"topic":'),
  };
}

/** Appends each message to the file of its topic, once: what an earlier life of the service wrote there is known by its id. */
class TopicFiles implements EventSink {
  readonly batchSize = Number.MAX_SAFE_INTEGER;
  readonly keepsOrder = true;
  readonly #folder: string;
  readonly #appendText: Append;
  readonly #written = new Map<string, RecentIds>();

  constructor(folder: string, append: Append) {
    this.#folder = folder;
    this.#appendText = append;
  }

  async publish(batch: readonly OutgoingEvent[]): Promise<{ failed: FailedEvent[] }> {
    const failed: FailedEvent[] = [];
    const topics = Map.groupBy(
      batch.filter(({ topic }) => topic !== undefined),
      ({ topic = '' }) => topicFile(topic),
    );
    for (const [topic, events] of topics) {
      const file = join(this.#folder, `${topic}.jsonl`);
      try {
        this.#append(file, events);
      } catch (error) {
        // A part may be written: the next try looks at the file again.
        this.#written.delete(file);
        // One file that cannot be written is not to hold up the others.
        failed.push(...events.map(({ id }) => ({ id, reason: String(error), retryable: true })));
      }
    }
    return { failed };
  }

  #append(file: string, events: readonly OutgoingEvent[]): void {
    const written = this.#writtenTo(file);
    const fresh = events.filter(({ id }) => !written.has(id));
    if (fresh.length === 0) return;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#appendText(file, fresh.map(lineOf).join(''), { mode: 0o600 });
    for (const { id } of fresh) written.add(id);
  }

  #writtenTo(file: string): RecentIds {
    const known = this.#written.get(file);
    if (known !== undefined) return known;
    cutTornLine(file);
    const written = new RecentIds(IDS_KEPT, lastIds(file, LOOK_BACK_BYTES));
    this.#written.set(file, written);
    return written;
  }
}
