import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logConformance } from '../../shared/testing/log-conformance.ts';
import { temporaryFolder } from '../testing/service-for-test.ts';
import { LocalLogReader } from './local-log-reader.ts';

const folder = temporaryFolder();
const reader = new LocalLogReader(folder);
let jobs = 0;

/** A job with a writer for each of its nodes. */
function aJob() {
  jobs += 1;
  const jobUid = `job-${jobs}`;
  mkdirSync(join(folder, jobUid));
  const write = (node: string, task: number, ...texts: string[]) => {
    for (const text of texts) {
      const line = {
        t: `2026-11-22T14:00:00.${text.padStart(3, '0')}Z`,
        task,
        attempt: 0,
        runnable: 0,
        stream: 'stdout',
        text,
      };
      appendFileSync(join(folder, jobUid, `${jobUid}-${node}.jsonl`), `${JSON.stringify(line)}\n`);
    }
  };
  const raw = (node: string, text: string) =>
    appendFileSync(join(folder, jobUid, `${jobUid}-${node}.jsonl`), text);
  return { jobUid, write, raw };
}

logConformance('the local log store', async () => {
  const { jobUid } = aJob();
  const names = ['group0-0-aaaa', 'group0-1-bbbb', 'group1-0-cccc'];
  return {
    jobUid,
    reader,
    write: async (lines) => {
      for (const { node, task, text, at } of lines) {
        const t = new Date(at).toISOString();
        const line = { t, task, attempt: 0, runnable: 0, stream: 'stdout', text };
        appendFileSync(join(folder, jobUid, `${jobUid}-${names[node]}.jsonl`), `${JSON.stringify(line)}\n`);
      }
    },
  };
});

const texts = (page: { entries: { text: string }[] }) => page.entries.map((entry) => entry.text);

describe('the local log store', () => {
  it('gives the lines of all nodes in the order of time', async () => {
    const { jobUid, write } = aJob();
    write('group0-0-aaaa', 0, '1', '3');
    write('group0-1-bbbb', 1, '2', '4');
    const page = await reader.read({ jobUid, limit: 100 });
    expect(texts(page)).toEqual(['1', '2', '3', '4']);
    expect(page.entries[1]).toMatchObject({ taskGroup: 'group0', task: 1, stream: 'stdout' });
  });

  it('goes on where a page ended, also with what was written later, and leaves half a line for the next page', async () => {
    const { jobUid, write, raw } = aJob();
    write('group0-0-aaaa', 0, '1', '2', '3');
    const first = await reader.read({ jobUid, limit: 2 });
    expect(texts(first)).toEqual(['1', '2']);
    const second = await reader.read({ jobUid, limit: 2, cursor: first.cursor });
    expect(texts(second)).toEqual(['3']);
    raw('group0-0-aaaa', '{"t":"2026-11-22T14:00:00.004Z","task":0,"attempt":0,');
    const none = await reader.read({ jobUid, limit: 2, cursor: second.cursor });
    expect(texts(none)).toEqual([]);
    raw('group0-0-aaaa', '"runnable":0,"stream":"stdout","text":"4"}\n');
    expect(texts(await reader.read({ jobUid, limit: 2, cursor: none.cursor }))).toEqual(['4']);
  });

  it('finds one task, whatever others write', async () => {
    const { jobUid, write } = aJob();
    write('group0-0-aaaa', 7, '1');
    write('group0-0-aaaa', 77, '2', '"task":7,');
    write('group1-0-aaaa', 7, '3');
    expect(texts(await reader.read({ jobUid, groupId: 'group0', task: 7, limit: 100 }))).toEqual(['1']);
  });

  it('reads lines that are longer than what is read at once', async () => {
    const { jobUid, write } = aJob();
    const long = 'é'.repeat(400_000);
    write('group0-0-aaaa', 0, '1', long, '3');
    expect(texts(await reader.read({ jobUid, limit: 100 }))).toEqual(['1', '3', long].sort());
  });

  it('gives the end of a task from lines that are longer than what is read at once, and leaves half a line', async () => {
    const { jobUid, write, raw } = aJob();
    const long = 'é'.repeat(400_000);
    write('group0-0-aaaa', 0, '1', long);
    write('group0-0-aaaa', 1, '2');
    raw('group0-0-aaaa', '{"t":"2026-11-22T14:00:00.004Z","task":0,"attempt":0,');
    const tail = (lines: number) => reader.tail({ jobUid, groupId: 'group0', task: 0, lines });
    expect((await tail(9)).map(({ text }) => text)).toEqual(['1', long]);
    expect((await tail(1)).map(({ text }) => text)).toEqual([long]);
  });

  it('has nothing of a job without output, and forgets one that is removed', async () => {
    const { jobUid, write } = aJob();
    expect(texts(await reader.read({ jobUid: 'unknown', limit: 1 }))).toEqual([]);
    write('group0-0-aaaa', 0, '1');
    await reader.remove(jobUid);
    expect(texts(await reader.read({ jobUid, limit: 1 }))).toEqual([]);
  });

  it.each(['%', 'abc', Buffer.from('{"a":-1}').toString('base64url')])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(reader.read({ jobUid: 'x', limit: 1, cursor })).rejects.toMatchObject({
        status: 'INVALID_ARGUMENT',
      });
    },
  );
});
