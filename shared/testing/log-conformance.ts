import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry, LogReader } from '../ports/log-reader.ts';

/** A line before it is in a log store. */
export interface WrittenLine {
  readonly node: number;
  readonly task: number;
  readonly text: string;
  readonly at: number;
}

/** A log store under test: a job with three nodes, of `group0` the first two and of `group1` the third. */
export interface LogUnderTest {
  readonly jobUid: string;
  readonly reader: LogReader;
  /** Writes lines as agents do, each in the order given. */
  write(lines: readonly WrittenLine[]): Promise<void>;
}

const texts = (entries: readonly LogEntry[]) => entries.map(({ text }) => text);
const groupOf = (node: number) => (node === 2 ? 'group1' : 'group0');

/**
 * What the port promises, checked on one adapter. `makeLog` gives a job of its own each time; lines are of `start` and
 * later, which is some time ago.
 */
export function logConformance(
  name: string,
  makeLog: () => Promise<LogUnderTest>,
  start = Date.parse('2026-11-22T14:00:00.000Z'),
): void {
  describe(`${name} keeps the log reader's contract`, () => {
    let log: LogUnderTest;
    const line = (at: number, node: number, task: number, text: string): WrittenLine => ({
      at: start + at,
      node,
      task,
      text,
    });

    describe('of what three nodes wrote', () => {
      beforeAll(async () => {
        log = await makeLog();
        await log.write([
          line(1, 0, 0, 'a "quoted" grüß'),
          line(2, 1, 1, 'b'),
          line(3, 2, 0, 'c says "task":0, too'),
          line(4, 0, 10, 'd'),
          line(5, 1, 0, 'e'),
          line(5, 1, 0, 'f'),
        ]);
      });
      const read = (query: object = {}) => log.reader.read({ jobUid: log.jobUid, limit: 100, ...query });

      it('gives all in the order of time', async () => {
        const { entries } = await read();
        expect(texts(entries)).toEqual(['a "quoted" grüß', 'b', 'c says "task":0, too', 'd', 'e', 'f']);
        expect(entries[2]).toEqual({
          time: new Date(start + 3).toISOString(),
          taskGroup: 'group1',
          task: 0,
          attempt: 0,
          runnable: 0,
          stream: 'stdout',
          text: 'c says "task":0, too',
        });
      });

      it('gives those of a group, and of a task, whichever node had it', async () => {
        expect(texts((await read({ groupId: 'group1' })).entries)).toEqual(['c says "task":0, too']);
        expect(texts((await read({ groupId: 'group0', task: 0 })).entries)).toEqual([
          'a "quoted" grüß',
          'e',
          'f',
        ]);
        expect((await read({ groupId: 'group0', task: 2 })).entries).toEqual([]);
      });

      it('gives the last lines of a task', async () => {
        const tail = (task: number, lines: number) =>
          log.reader.tail({ jobUid: log.jobUid, groupId: 'group0', task, lines });
        expect(texts(await tail(0, 2))).toEqual(['e', 'f']);
        expect(texts(await tail(0, 3))).toEqual(['a "quoted" grüß', 'e', 'f']);
        expect(texts(await tail(10, 5))).toEqual(['d']);
        expect(await tail(7, 5)).toEqual([]);
      });

      it('refuses a token that it has not given', async () => {
        for (const cursor of ['x', Buffer.from('[-1,{}]').toString('base64url')])
          await expect(read({ cursor })).rejects.toThrow(/pageToken/);
      });
    });

    it('gives nothing for a job that has written nothing, and later what has come since', async () => {
      const empty = await makeLog();
      const query = { jobUid: empty.jobUid, limit: 10 };
      const { entries, cursor } = await empty.reader.read(query);
      expect(entries).toEqual([]);
      await empty.write([line(1, 0, 0, 'late')]);
      const next = await empty.reader.read({ ...query, cursor });
      expect(texts(next.entries)).toEqual(['late']);
      expect((await empty.reader.read({ ...query, cursor: next.cursor })).entries).toEqual([]);
    });

    it('gives every line once, each task in its order, however it is paged while nodes write', async () => {
      const anyBatch = fc.array(fc.tuple(fc.nat(2), fc.nat(3), fc.nat(2)), { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyBatch, { maxLength: 5 }),
          fc.integer({ min: 1, max: 7 }),
          async (batches, limit) => {
            const job = await makeLog();
            const got: LogEntry[] = [];
            let page: { cursor?: string } = {};
            const readOn = async () => {
              for (;;) {
                const { entries, cursor } = await job.reader.read({ jobUid: job.jobUid, limit, ...page });
                expect(entries.length).toBeLessThanOrEqual(limit);
                page = { cursor };
                got.push(...entries);
                if (entries.length === 0) return;
              }
            };
            const written: WrittenLine[] = [];
            let at = 0;
            for (const batch of batches) {
              const lines = batch.map(([node, task, gap], order) => {
                at += gap;
                return line(at, node, task, `${written.length + order}`);
              });
              await job.write(lines);
              written.push(...lines);
              await readOn();
            }
            expect(
              texts(got)
                .map(Number)
                .sort((a, b) => a - b),
            ).toEqual(written.map((_, order) => order));
            for (const group of ['group0', 'group1'])
              for (let node = 0; node < 3; node += 1) {
                const mine = written.filter((one) => one.node === node && groupOf(node) === group);
                const order = texts(got.filter((one) => mine.some(({ text }) => text === one.text)));
                expect(order).toEqual(texts(mine as never));
              }
          },
        ),
        { numRuns: 25 },
      );
    });

    it('finds the last lines of a task behind much that others wrote', async () => {
      const job = await makeLog();
      const others = Array.from({ length: 3_000 }, (_, at) => line(10 + at, 0, 1, 'x'.repeat(300)));
      await job.write([line(1, 0, 0, 'first'), line(2, 0, 0, 'second'), ...others]);
      const tail = { jobUid: job.jobUid, groupId: 'group0', task: 0, lines: 10 };
      expect(texts(await job.reader.tail(tail))).toEqual(['first', 'second']);
    });

    it('forgets a job, and not its neighbours', async () => {
      const [gone, kept] = [await makeLog(), await makeLog()];
      for (const job of [gone, kept]) await job.write([line(1, 0, 0, 'a'), line(1, 2, 0, 'b')]);
      await gone.reader.remove(gone.jobUid);
      await gone.reader.remove(gone.jobUid);
      expect((await gone.reader.read({ jobUid: gone.jobUid, limit: 10 })).entries).toEqual([]);
      expect((await kept.reader.read({ jobUid: kept.jobUid, limit: 10 })).entries).toHaveLength(2);
    });
  });
}
