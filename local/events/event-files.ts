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

const NAME = /^\d{4}-\d\d-\d\d\.jsonl$/;
const TORN_AT_MOST = 4 * 1024 * 1024;
const NEWLINE = 10;

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
    if (name < `${day}.jsonl`) rmSync(`${folder}/${name}`, { force: true });
}

/** Cuts off a line that a crash has left without its end. */
export function cutTornLine(file: string): void {
  if (!existsSync(file)) return;
  const fd = openSync(file, 'r+');
  try {
    const { size } = fstatSync(fd);
    const bytes = readTail(fd, size, TORN_AT_MOST);
    if (bytes.length === 0 || bytes.at(-1) === NEWLINE) return;
    ftruncateSync(fd, size - bytes.length + bytes.lastIndexOf(NEWLINE) + 1);
  } finally {
    closeSync(fd);
  }
}

/** The ids in the last `length` bytes of a file; none when it is not there. */
export function lastIds(file: string, length: number): string[] {
  if (!existsSync(file)) return [];
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
