import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { eventFiles } from './event-files.ts';
import type { LogPosition } from './log-position.ts';

/** What is read at a time, unless one line is longer. */
const CHUNK = 256 * 1024;
const NEWLINE = 10;

/** A line of the log, and the place right behind it. */
export interface LoggedLine {
  readonly text: string;
  readonly position: LogPosition;
}

/**
 * The files of events, read from any place on. Each reader goes its own way and at its own pace, and holds one chunk at a
 * time; nobody waits for another.
 */
export class EventLog {
  readonly #folder: string;
  readonly #end: () => LogPosition;
  #grown = Promise.withResolvers<void>();

  /** `end` is the end of what is written. */
  constructor(folder: string, end: () => LogPosition) {
    this.#folder = folder;
    this.#end = end;
  }

  get end(): LogPosition {
    return this.#end();
  }

  /** Says that there is more. */
  grew(): void {
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
  }

  /** Whether a place that somebody comes back with is the end of a line, or gone with its day. */
  async isPlace({ file, length }: LogPosition): Promise<boolean> {
    if (length === 0) return true;
    const handle = await openIfThere(join(this.#folder, file));
    if (handle === undefined) return true;
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(1), 0, 1, length - 1);
      return bytesRead === 1 && buffer[0] === NEWLINE;
    } finally {
      await handle.close();
    }
  }

  /** The next lines after a place, at least one: it waits for it. Empty once `signal` is aborted. */
  async read(after: LogPosition, signal: AbortSignal): Promise<LoggedLine[]> {
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal.addEventListener('abort', abort);
    try {
      while (!signal.aborted) {
        const grown = this.#grown.promise;
        const lines = await this.#next(after);
        if (lines.length > 0) return lines;
        await Promise.race([grown, aborted.promise]);
      }
      return [];
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #next(after: LogPosition): Promise<LoggedLine[]> {
    const end = this.end;
    if (after.file === end.file && after.length >= end.length) return [];
    for (const file of eventFiles(this.#folder)) {
      if (file < after.file || file > end.file) continue;
      const from = file === after.file ? after.length : 0;
      const to = file === end.file ? end.length : Number.POSITIVE_INFINITY;
      const lines = await linesOf(join(this.#folder, file), from, to);
      if (lines.length > 0) return lines.map(({ text, length }) => ({ text, position: { file, length } }));
    }
    return [];
  }
}

/** The event in a line. */
export function eventIn({ text }: LoggedLine): OutgoingEvent {
  return JSON.parse(text) as OutgoingEvent;
}

interface Line {
  readonly text: string;
  /** Of the file, up to the end of the line. */
  readonly length: number;
}

/** Whole lines of a file between two places: a chunk of them, or one that is longer than a chunk. */
async function linesOf(file: string, from: number, to: number): Promise<Line[]> {
  const handle = await openIfThere(file);
  if (handle === undefined) return [];
  try {
    for (let chunk = CHUNK; ; chunk *= 2) {
      const wanted = Math.min(chunk, to - from);
      if (wanted <= 0) return [];
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, from);
      const bytes = buffer.subarray(0, bytesRead);
      if (bytes.includes(NEWLINE) || bytesRead < chunk) return wholeLines(bytes, from);
    }
  } finally {
    await handle.close();
  }
}

/** A file can be gone: its day is over and it has been removed. */
async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function wholeLines(bytes: Buffer, from: number): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push({ text: bytes.toString('utf8', start, end), length: from + end + 1 });
    start = end + 1;
  }
  return lines;
}
