import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidField } from '../../shared/contract/error.ts';
import { readLogLine } from '../../shared/ports/log-line.ts';
import type { LogEntry, LogPage, LogQuery, LogReader, TailQuery } from '../../shared/ports/log-reader.ts';
import { readBackwards } from './file-tail.ts';

const CHUNK = 256 * 1024;
/** How much is looked through from the end for a task's last lines. */
const TAIL_BYTES = 64 * 1024 * 1024;

/** How far each node's file has been read, in bytes. */
type Offsets = Record<string, number>;

/** Reads the files `{folder}/{job uid}/{node}.jsonl`, one a node, that agents on this machine append to. */
export class LocalLogReader implements LogReader {
  /** Agents flush before a task's end is reported. */
  readonly delayMs = 0;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the nodes of a job write. */
  folderOf(jobUid: string): string {
    return join(this.#folder, jobUid);
  }

  async read(query: LogQuery): Promise<LogPage> {
    const offsets = readCursor(query.cursor);
    const entries: LogEntry[] = [];
    for (const file of await this.#files(query.jobUid)) {
      if (entries.length >= query.limit) break;
      const groupId = groupIn(file, query.jobUid);
      if (query.groupId !== undefined && query.groupId !== groupId) continue;
      const path = join(this.folderOf(query.jobUid), file);
      offsets[file] = await readLines(path, offsets[file] ?? 0, (line) => {
        if (query.task === undefined || line.includes(`"task":${query.task},`))
          take(line, groupId, query, entries);
        return entries.length < query.limit;
      });
    }
    entries.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    return { entries, cursor: Buffer.from(JSON.stringify(offsets)).toString('base64url') };
  }

  async tail({ jobUid, groupId, task, lines }: TailQuery): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    let left = TAIL_BYTES;
    // The newest node first, for its attempt is the one that counts.
    for (const file of (await this.#files(jobUid)).reverse()) {
      if (entries.length >= lines || left <= 0) break;
      if (groupIn(file, jobUid) !== groupId) continue;
      left = await readBackwards(join(this.folderOf(jobUid), file), left, (line) => {
        if (line.includes(`"task":${task},`)) take(line, groupId, { task }, entries);
        return entries.length < lines;
      });
    }
    return entries.reverse();
  }

  async remove(jobUid: string): Promise<void> {
    await rm(this.folderOf(jobUid), { recursive: true, force: true });
  }

  /** Files of a job's nodes, the oldest node first, so that a task's attempts come in their order. */
  async #files(jobUid: string): Promise<string[]> {
    const names = await readdir(this.folderOf(jobUid)).catch(() => []);
    const files = names.filter((name) => name.endsWith('.jsonl'));
    const born = await Promise.all(
      files.map(async (name) => (await stat(join(this.folderOf(jobUid), name))).birthtimeMs),
    );
    return files
      .map((name, at) => ({ name, at: born[at] ?? 0 }))
      .sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
      .map(({ name }) => name);
  }
}

/** Files are named by their nodes: `{job uid}-{group}-{seat}-{random}.jsonl`. */
function groupIn(file: string, jobUid: string): string {
  return file.slice(jobUid.length + 1).split('-')[0] ?? '';
}

function take(line: string, taskGroup: string, query: Pick<LogQuery, 'task'>, entries: LogEntry[]): void {
  const entry = readLogLine(line, taskGroup);
  // The quick test on the line also finds the number in a task's own output.
  if (query.task === undefined || query.task === entry.task) entries.push(entry);
}

/** Hands complete lines from `offset` on to `take` until it returns false; returns the offset after the last one. */
async function readLines(path: string, offset: number, take: (line: string) => boolean): Promise<number> {
  const file = await open(path, 'r');
  try {
    return await scan(file, offset, take);
  } finally {
    await file.close();
  }
}

async function scan(file: FileHandle, from: number, take: (line: string) => boolean): Promise<number> {
  let offset = from;
  let rest = Buffer.alloc(0);
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, offset + rest.length);
    if (bytesRead === 0) return offset;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const line = bytes.toString('utf8', start, end);
      offset += end + 1 - start;
      start = end + 1;
      if (!take(line)) return offset;
    }
    rest = bytes.subarray(start);
  }
}

function readCursor(cursor: string | undefined): Offsets {
  if (cursor === undefined || cursor === '') return {};
  try {
    const offsets = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Offsets;
    if (Object.values(offsets).every((offset) => Number.isSafeInteger(offset) && offset >= 0)) return offsets;
  } catch {
    // Falls through: any text that is no cursor gets the same answer.
  }
  throw invalidField(
    'pageToken',
    'is not a token that this method has given; given: a token of another form',
  );
}
