import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutTornLine, eventFiles, lastIds } from './event-files.ts';
import { EventLog, eventIn } from './event-log.ts';
import { formatPosition, type LogPosition, OLDEST, parsePosition } from './log-position.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'event-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A line of some kilobytes, in letters of several bytes, so that chunks end within it. */
const line = (id: string) => `${JSON.stringify({ id, subject: 'ü'.repeat(3000) })}\n`;
const ids = Array.from({ length: 300 }, (_, at) => `event ${at} "quoted"`);

/** All that is to be read from a place on. */
async function readAll(log: EventLog, from: LogPosition) {
  const found: { id: string; position: LogPosition }[] = [];
  const { signal } = new AbortController();
  for (let at = from; formatPosition(at) !== formatPosition(log.end); ) {
    const lines = await log.read(at, signal);
    found.push(...lines.map((one) => ({ id: eventIn(one).id, position: one.position })));
    at = found.at(-1)?.position ?? at;
  }
  return found;
}

describe('the log', () => {
  it('is read from any place on, over files, up to its end', async () => {
    const [first, second] = [ids.slice(0, 200), ids.slice(200)];
    writeFileSync(join(folder, '2026-09-18.jsonl'), first.map(line).join(''));
    writeFileSync(join(folder, '2026-09-19.jsonl'), second.map(line).join(''));
    writeFileSync(join(folder, 'notes.txt'), 'no events');
    const length = Buffer.byteLength(second.slice(0, 60).map(line).join(''));
    const log = new EventLog(folder, () => ({ file: '2026-09-19.jsonl', length }));
    expect(eventFiles(folder)).toEqual(['2026-09-18.jsonl', '2026-09-19.jsonl']);
    const all = await readAll(log, OLDEST);
    expect(all.map(({ id }) => id)).toEqual(ids.slice(0, 260));
    for (const at of [0, 149, 199, 229, 258]) {
      const { position } = all[at] ?? { position: OLDEST };
      expect(await log.isPlace(position)).toBe(true);
      const again = parsePosition(formatPosition(position)) ?? OLDEST;
      expect((await readAll(log, again)).map(({ id }) => id)).toEqual(ids.slice(at + 1, 260));
    }
    expect((await readAll(log, { file: '2026-09-01.jsonl', length: 77 })).length).toBe(260);
  });

  it('has lines that are longer than what is read at a time', async () => {
    const long = `${JSON.stringify({ id: 'long', subject: 'x'.repeat(2_000_000) })}\n`;
    writeFileSync(join(folder, '2026-09-18.jsonl'), `${line('a')}${long}${line('b')}`);
    const length = Buffer.byteLength(`${line('a')}${long}${line('b')}`);
    const log = new EventLog(folder, () => ({ file: '2026-09-18.jsonl', length }));
    expect((await readAll(log, OLDEST)).map(({ id }) => id)).toEqual(['a', 'long', 'b']);
  });

  it('says what is no place in it', async () => {
    writeFileSync(join(folder, '2026-09-18.jsonl'), line('a'));
    const log = new EventLog(folder, () => OLDEST);
    expect(await log.isPlace({ file: '2026-09-18.jsonl', length: 5 })).toBe(false);
    expect(await log.isPlace({ file: '2026-09-18.jsonl', length: 1_000_000 })).toBe(false);
    expect(await log.isPlace({ file: '2026-09-01.jsonl', length: 5 })).toBe(true);
  });

  it('is waited for, until it grows or the reader leaves', async () => {
    let end: LogPosition = { file: '2026-09-18.jsonl', length: 0 };
    const log = new EventLog(folder, () => end);
    const leaving = new AbortController();
    const read = log.read(end, leaving.signal);
    writeFileSync(join(folder, '2026-09-18.jsonl'), line('a'));
    end = { file: '2026-09-18.jsonl', length: line('a').length * 2 };
    log.grew();
    expect((await read).map((one) => eventIn(one).id)).toEqual(['a']);
    const more = log.read(end, leaving.signal);
    leaving.abort();
    expect(await more).toEqual([]);
  });
});

it.each(['', 'now', '2026-09-18', '2026-09-18.x', '../../etc/passwd.1'])('%j is no position', (text) => {
  expect(parsePosition(text)).toBeUndefined();
});

it('knows the last ids, and cuts off what a crash has torn', () => {
  const file = join(folder, '2026-09-18.jsonl');
  writeFileSync(file, `${line('a')}${line('b')}{"id":"c`);
  cutTornLine(file);
  expect(lastIds(file, 1_000_000)).toEqual(['a', 'b']);
  expect(lastIds(file, line('b').length)).toEqual([]);
  expect(lastIds(file, Buffer.byteLength(line('b')) + 10)).toEqual(['b']);
  expect(lastIds(join(folder, 'absent'), 10)).toEqual([]);
  expect(eventFiles(join(folder, 'absent'))).toEqual([]);
});
