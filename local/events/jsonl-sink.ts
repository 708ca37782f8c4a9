import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EventSink, OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { cutTornLine, eventFiles, lastIds, removeBefore } from './event-files.ts';
import type { LogPosition } from './log-position.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** More than the messages of one batch of changes. */
const LOOK_BACK_BYTES = 8 * 1024 * 1024;

/**
 * Appends messages to `{folder}/{YYYY-MM-DD}.jsonl`, one a line: id, subject, attributes, message, and a notification's
 * topic. `publish` returns when they are written to the file: as with the store, they outlive the end of this process.
 * What an earlier life of the service had written of a batch that comes again is not written twice.
 */
export class JsonlSink implements EventSink {
  /** One write takes all of it, or nothing. */
  readonly batchSize = Number.MAX_SAFE_INTEGER;
  readonly keepsOrder = true;
  readonly #folder: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #keepDays: number;
  readonly #written: () => void;
  /** Ids that the last lives wrote last; undefined once a batch has come with none of them. */
  #earlier: Set<string> | undefined;
  #day = '';
  #fd: number | undefined;
  #length = 0;

  /** `written` is called when messages are in the file. */
  constructor(folder: string, clock: Pick<Clock, 'now'>, keepDays: number, written: () => void) {
    this.#written = written;
    this.#folder = folder;
    this.#clock = clock;
    this.#keepDays = keepDays;
    const last = eventFiles(folder).slice(-2);
    for (const file of last) cutTornLine(join(folder, file));
    this.#earlier = new Set(last.flatMap((file) => lastIds(join(folder, file), LOOK_BACK_BYTES)));
  }

  /** The end of what is written. */
  get end(): LogPosition {
    const file = `${this.#fd === undefined ? dayOf(this.#clock.now()) : this.#day}.jsonl`;
    if (this.#fd !== undefined) return { file, length: this.#length };
    return { file, length: statSync(join(this.#folder, file), { throwIfNoEntry: false })?.size ?? 0 };
  }

  async publish(batch: readonly OutgoingEvent[]): Promise<{ failed: [] }> {
    const fresh = this.#withoutWritten(batch);
    if (fresh.length === 0) return { failed: [] };
    this.#append(fresh.map(lineOf).join(''));
    this.#written();
    return { failed: [] };
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #withoutWritten(batch: readonly OutgoingEvent[]): readonly OutgoingEvent[] {
    const earlier = this.#earlier;
    if (earlier === undefined) return batch;
    const fresh = batch.filter(({ id }) => !earlier.has(id));
    if (fresh.length === batch.length) this.#earlier = undefined;
    return fresh;
  }

  #append(text: string): void {
    const fd = this.#open();
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    } catch (error) {
      // What is there of the batch goes, for the whole of it will come again.
      ftruncateSync(fd, this.#length);
      throw error;
    }
    this.#length += bytes.length;
  }

  #open(): number {
    const now = this.#clock.now();
    const day = dayOf(now);
    if (this.#fd !== undefined && day === this.#day) return this.#fd;
    this.close();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#fd = openSync(join(this.#folder, `${day}.jsonl`), 'a', 0o600);
    this.#length = fstatSync(this.#fd).size;
    this.#day = day;
    removeBefore(this.#folder, dayOf(now - this.#keepDays * DAY_MS));
    return this.#fd;
  }
}

/** A message as one line of JSON, its id first. */
export function lineOf({ id, subject, topic, attributes, message }: OutgoingEvent): string {
  return `${JSON.stringify({ id, subject, ...(topic === undefined ? {} : { topic }), attributes, message })}\n`;
}

function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
