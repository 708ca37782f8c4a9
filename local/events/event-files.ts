import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';

const NAME = /^\d{4}-\d\d-\d\d\.jsonl$/;
const CHUNK = 256 * 1024;
const NEWLINE = 10;

/** A place in the files: all before it is written. */
export interface FilePosition {
  /** `{YYYY-MM-DD}.jsonl`. */
  readonly file: string;
  readonly length: number;
}

/** The files of events, oldest first. */
export function eventFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort();
}

/** Removes the files of days before `day`. */
export function removeBefore(folder: string, day: string): void {
  for (const name of eventFiles(folder))
    if (name < `${day}.jsonl`) rmSync(join(folder, name), { force: true });
}

/** Cuts off a line that a crash has left without its end. */
export function cutTornLine(file: string): void {
  if (!existsSync(file)) return;
  const fd = openSync(file, 'r+');
  try {
    const { size } = fstatSync(fd);
    const bytes = readTail(fd, size, CHUNK * 16);
    if (bytes.length === 0 || bytes.at(-1) === NEWLINE) return;
    ftruncateSync(fd, size - bytes.length + bytes.lastIndexOf(NEWLINE) + 1);
  } finally {
    closeSync(fd);
  }
}

/** The ids in the last `length` bytes of a file. */
export function lastIds(file: string, length: number): string[] {
  const fd = openSync(file, 'r');
  try {
    const lines = readTail(fd, fstatSync(fd).size, length).toString('utf8').split('\n').slice(0, -1);
    // The first line can be cut.
    return lines
      .flatMap((line) => /^\{"id":("(?:[^"\\]|\\.)*")/.exec(line)?.[1] ?? [])
      .map((id) => JSON.parse(id));
  } finally {
    closeSync(fd);
  }
}

function readTail(fd: number, size: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.min(size, length));
  readSync(fd, bytes, 0, bytes.length, size - bytes.length);
  return bytes;
}

/**
 * What is written up to `end`, after the message `since`; from the oldest on when that is unknown, or gone with its day.
 * It goes through the files twice, and keeps a chunk at a time.
 */
export async function* eventsSince(
  folder: string,
  since: string,
  end: FilePosition,
): AsyncGenerator<OutgoingEvent> {
  const files = eventFiles(folder).filter((name) => name <= end.file);
  const start = `{"id":${JSON.stringify(since)},`;
  let from = { file: files[0] ?? '', line: 0 };
  for (const file of files.toReversed()) {
    const line = await lineThatStarts(join(folder, file), start);
    if (line === undefined) continue;
    from = { file, line: line + 1 };
    break;
  }
  for (const file of files) {
    if (file < from.file) continue;
    let skipped = file === from.file ? from.line : 0;
    for await (const line of linesOf(join(folder, file), file === end.file ? end.length : undefined)) {
      if (skipped > 0) skipped -= 1;
      else yield JSON.parse(line) as OutgoingEvent;
    }
  }
}

async function lineThatStarts(file: string, start: string): Promise<number | undefined> {
  let number = 0;
  for await (const line of linesOf(file)) {
    if (line.startsWith(start)) return number;
    number += 1;
  }
  return undefined;
}

/** Whole lines of a file, up to a length. */
async function* linesOf(file: string, length = Number.POSITIVE_INFINITY): AsyncGenerator<string> {
  const handle = await open(file, 'r');
  try {
    let rest = Buffer.alloc(0);
    for (let at = 0; at < length; ) {
      const wanted = Math.min(CHUNK, length - at);
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        yield bytes.toString('utf8', start, end);
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
  } finally {
    await handle.close();
  }
}
