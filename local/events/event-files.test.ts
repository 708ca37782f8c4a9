import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cutTornLine, eventFiles, eventsSince, lastIds } from './event-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'event-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A line of some kilobytes, in letters of several bytes, so that chunks end within it. */
const line = (id: string) => `${JSON.stringify({ id, subject: 'ü'.repeat(3000) })}\n`;
const ids = Array.from({ length: 300 }, (_, at) => `event ${at} "quoted"`);

async function idsSince(since: string, end: { file: string; length: number }): Promise<string[]> {
  const found: string[] = [];
  for await (const { id } of eventsSince(folder, since, end)) found.push(id);
  return found;
}

it('finds what came after a message, over files, up to an end', async () => {
  const [first, second] = [ids.slice(0, 200), ids.slice(200)];
  writeFileSync(join(folder, '2026-09-18.jsonl'), first.map(line).join(''));
  writeFileSync(join(folder, '2026-09-19.jsonl'), second.map(line).join(''));
  writeFileSync(join(folder, 'notes.txt'), 'no events');
  const end = { file: '2026-09-19.jsonl', length: Buffer.byteLength(second.slice(0, 60).map(line).join('')) };
  expect(eventFiles(folder)).toEqual(['2026-09-18.jsonl', '2026-09-19.jsonl']);
  expect(await idsSince(ids[149] ?? '', end)).toEqual(ids.slice(150, 260));
  expect(await idsSince(ids[229] ?? '', end)).toEqual(ids.slice(230, 260));
  expect(await idsSince('gone with its day', end)).toEqual(ids.slice(0, 260));
});

it('has nothing where nothing was written', async () => {
  expect(await idsSince('any', { file: '2026-09-18.jsonl', length: 0 })).toEqual([]);
  expect(eventFiles(join(folder, 'absent'))).toEqual([]);
});

it('knows the last ids, and cuts off what a crash has torn', () => {
  const file = join(folder, '2026-09-18.jsonl');
  writeFileSync(file, `${line('a')}${line('b')}{"id":"c`);
  cutTornLine(file);
  expect(lastIds(file, 1_000_000)).toEqual(['a', 'b']);
  expect(lastIds(file, line('b').length)).toEqual([]);
  expect(lastIds(file, Buffer.byteLength(line('b')) + 10)).toEqual(['b']);
});
