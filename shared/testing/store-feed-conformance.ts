import { beforeEach, describe, expect, it } from 'vitest';
import type { Store, Write } from '../ports/store.ts';

const write = (sk: string, ifVersion: number, n: number): Write => ({ pk: 'P', sk, ifVersion, body: { n } });
const remove = (sk: string, ifVersion: number): Write => ({ pk: 'P', sk, ifVersion, remove: true });

/** The change feed's part of the store's contract. */
export function changeFeedConformance(makeStore: () => Store): void {
  describe('changes', () => {
    let store: Store;
    beforeEach(async () => {
      store = makeStore();
      await store.commit([write('a', 0, 1), write('b', 0, 2)]);
      await store.commit([write('a', 1, 3)]);
      await store.commit([remove('a', 2), write('b', 1, 4)]);
      await store.commit([write('a', 0, 5)]);
    });
    const all = [
      { sk: 'a', after: { n: 1 } },
      { sk: 'b', after: { n: 2 } },
      { sk: 'a', before: { n: 1 }, after: { n: 3 } },
      { sk: 'a', before: { n: 3 } },
      { sk: 'b', before: { n: 2 }, after: { n: 4 } },
      { sk: 'a', after: { n: 5 } },
    ].map((change) => ({ pk: 'P', ...change }));
    const told = async (after: number, limit = 100) =>
      (await store.changes(after, limit)).map(({ seq: _, ...change }) => change);
    const seqs = async () => (await store.changes(0, 100)).map(({ seq }) => seq);

    it('tell each write in the order of commits, with the body before and after it', async () => {
      expect(await told(0)).toStrictEqual(all);
      expect((await store.changes(0, 100)).map((change) => Object.hasOwn(change, 'before'))).toEqual(
        all.map((change) => 'before' in change),
      );
    });

    it('number them upwards, and go on after any number', async () => {
      const numbers = await seqs();
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(numbers[0]).toBeGreaterThan(0);
      for (const [at, seq] of numbers.entries()) expect(await told(seq)).toEqual(all.slice(at + 1));
      expect(await told(numbers[1] ?? 0, 2)).toEqual(all.slice(2, 4));
      expect(await told(0, 0)).toEqual([]);
    });

    it('forget what all consumers are past, and nothing of what is left', async () => {
      const numbers = await seqs();
      for (const [at, seq] of numbers.entries()) {
        await store.forgetChanges(seq);
        expect(await told(0)).toEqual(all.slice(at + 1));
      }
      await store.forgetChanges(numbers.at(-1) ?? 0);
      expect((await store.get({ pk: 'P', sk: 'a' }))?.body).toEqual({ n: 5 });
    });

    it('use no number again when all are forgotten', async () => {
      const last = (await seqs()).at(-1) ?? 0;
      await store.forgetChanges(last);
      await store.commit([write('a', 1, 6)]);
      const [next] = await store.changes(last, 10);
      expect(next).toMatchObject({ before: { n: 5 }, after: { n: 6 } });
      expect(next?.seq).toBeGreaterThan(last);
    });

    it('skip the numbers of nothing: a commit that conflicts leaves no change', async () => {
      const before = await told(0);
      await expect(store.commit([write('c', 0, 7), write('b', 1, 8)])).rejects.toThrow();
      expect(await told(0)).toEqual(before);
    });

    it('forget thousands of changes', async () => {
      const start = (await seqs()).at(-1) ?? 0;
      for (let round = 0; round < 3; round += 1) {
        const writes = Array.from({ length: 1500 }, (_, n) => write(`${round} ${n}`, 0, n));
        for (let from = 0; from < writes.length; from += store.maxWrites) {
          await store.commit(writes.slice(from, from + store.maxWrites));
        }
      }
      const last = (await store.changes(start, 10_000)).at(-1)?.seq ?? 0;
      await store.forgetChanges(last - 1);
      expect(await told(0)).toEqual([{ pk: 'P', sk: '2 1499', after: { n: 1499 } }]);
    });
  });
}
