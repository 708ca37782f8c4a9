import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConflictError, type IndexName, type Key, type Put, type Store } from '../ports/store.ts';
import { changeFeedConformance } from './store-feed-conformance.ts';
import { anyHistory, compareWithModel } from './store-model.ts';

const at = (sk: string, pk = 'P'): Key => ({ pk, sk });
const create = (key: Key, body: object = {}, index: Put['index'] = {}): Put => ({
  ...key,
  body,
  ifVersion: 0,
  index,
});

/** What the port promises, checked on one adapter. `makeStore` gives an empty store each time. */
export function storeConformance(name: string, makeStore: () => Store): void {
  describe(`${name} keeps the store's contract`, () => {
    let store: Store;
    beforeEach(() => {
      store = makeStore();
    });
    const sortKeys = async (range: Partial<Parameters<Store['query']>[0]>) =>
      (await store.query({ pk: 'P', limit: 100, ...range })).map(({ sk }) => sk);

    describe('commit', () => {
      it('creates, updates and removes an item whose version it names', async () => {
        await store.commit([create(at('a'), { n: 1 })]);
        expect(await store.get(at('a'))).toEqual({ pk: 'P', sk: 'a', version: 1, body: { n: 1 } });
        await store.commit([{ ...at('a'), body: { n: 2 }, ifVersion: 1 }]);
        expect(await store.get(at('a'))).toEqual({ pk: 'P', sk: 'a', version: 2, body: { n: 2 } });
        await store.commit([{ ...at('a'), remove: true, ifVersion: 2 }]);
        expect(await store.get(at('a'))).toBeUndefined();
        await store.commit([create(at('a'), { n: 3 })]);
        expect(await store.get(at('a'))).toMatchObject({ version: 1, body: { n: 3 } });
      });

      it.each([
        ['creates an item that exists', create(at('there'))],
        ['updates an item at an older version', { ...at('there'), body: {}, ifVersion: 1 }],
        ['updates an item at a version to come', { ...at('there'), body: {}, ifVersion: 3 }],
        ['updates an item that does not exist', { ...at('nowhere'), body: {}, ifVersion: 1 }],
        ['removes an item at an older version', { ...at('there'), remove: true, ifVersion: 1 } as const],
        ['removes an item that does not exist', { ...at('nowhere'), remove: true, ifVersion: 1 } as const],
      ])('conflicts when a write %s, and then none of its writes takes effect', async (_, write) => {
        await store.commit([create(at('there'), { kept: true }), create(at('other'))]);
        await store.commit([{ ...at('there'), body: { kept: true }, ifVersion: 1 }]);
        const seq = (await store.changes(0, 10)).at(-1)?.seq ?? 0;
        const others = [create(at('new')), { ...at('other'), remove: true, ifVersion: 1 } as const];
        const commit = store.commit([...others, write]);
        await expect(commit).rejects.toBeInstanceOf(ConflictError);
        await expect(commit).rejects.toThrow(write.sk);
        expect(await sortKeys({})).toEqual(['other', 'there']);
        expect(await store.get(at('there'))).toMatchObject({ version: 2, body: { kept: true } });
        expect(await store.changes(seq, 10)).toEqual([]);
        await store.commit(others);
        expect(await sortKeys({})).toEqual(['new', 'there']);
      });

      it('refuses two writes of one item, and more writes than it holds', async () => {
        const twice = [create(at('a')), { ...at('a'), body: {}, ifVersion: 1 }];
        await expect(store.commit(twice)).rejects.toThrow('P a is written twice in one commit');
        const many = Array.from({ length: store.maxWrites + 1 }, (_, n) => create(at(String(n))));
        await expect(store.commit(many)).rejects.toThrow(`at most ${store.maxWrites} writes`);
        await expect(store.commit([{ ...at('a'), remove: true, ifVersion: 0 }])).rejects.toThrow('version');
        expect(await sortKeys({})).toEqual([]);
        await store.commit(many.slice(1));
        expect(await sortKeys({ limit: 5000 })).toHaveLength(store.maxWrites);
      });

      it('does nothing for no writes', async () => {
        await store.commit([]);
        expect(await store.changes(0, 10)).toEqual([]);
      });

      it('lets one of several writers through that read the same version', async () => {
        await store.commit([create(at('a'), { n: 0 })]);
        const tries = Array.from({ length: 5 }, (_, n) =>
          store.commit([{ ...at('a'), body: { n }, ifVersion: 1 }]),
        );
        const outcomes = (await Promise.allSettled(tries)).map(({ status }) => status);
        expect(outcomes.filter((status) => status === 'fulfilled')).toHaveLength(1);
        expect(await store.get(at('a'))).toMatchObject({ version: 2 });
      });
    });

    describe('bodies', () => {
      it.each([
        ['nested', { a: { b: [{ c: [[], {}] }] } }],
        ['numbers', { zero: 0, big: Number.MAX_SAFE_INTEGER, small: 5e-324, negative: -1.5, list: [1, 2] }],
        ['unicode', { 'ключ "😀"': 'line\nbreak \u0000 \u2028 \ud83d\ude00 ﾮ' }],
        ['empty values', { list: [], map: {}, text: '', none: null, no: false }],
        ['of one megabyte', { text: 'xé'.repeat(500_000) }],
      ])('come back as they went in: %s', async (_, body) => {
        await store.commit([create(at('a'), body)]);
        expect((await store.get(at('a')))?.body).toStrictEqual(body);
        expect((await store.changes(0, 1))[0]?.after).toStrictEqual(body);
      });

      it('lose properties that are undefined', async () => {
        await store.commit([create(at('a'), { gone: undefined, kept: { also: undefined } })]);
        expect((await store.get(at('a')))?.body).toStrictEqual({ kept: {} });
      });

      it('are not shared with writers and readers', async () => {
        const body = { list: [1] };
        await store.commit([create(at('a'), body)]);
        body.list.push(2);
        const read = await store.get<{ list: number[] }>(at('a'));
        read?.body.list.push(3);
        expect((await store.get(at('a')))?.body).toEqual({ list: [1] });
      });
    });

    it('getMany answers in the order of the keys', async () => {
      await store.commit([
        create(at('a'), { n: 1 }),
        create(at('b'), { n: 2 }),
        create(at('b', 'Q'), { n: 3 }),
      ]);
      const items = await store.getMany<{ n: number }>([at('b', 'Q'), at('x'), at('b'), at('a'), at('b')]);
      expect(items.map((item) => item?.body.n)).toEqual([3, undefined, 2, 1, 2]);
    });

    describe('query', () => {
      // In the order of UTF-8 bytes. UTF-16 units would put the last two the other way round.
      const ordered = ['', '0', '10', '9', 'A', 'a', 'a#', 'aa', 'é', '\uffee', '😀'];
      beforeEach(async () => {
        await store.commit(ordered.toReversed().map((sk) => create(at(sk))));
        await store.commit([create(at('b', 'P2')), create(at('b', 'O'))]);
      });

      it.each([
        ['all of a partition', {}, ordered],
        ['from, inclusive', { from: 'a' }, ordered.slice(5)],
        ['to, exclusive', { to: 'a' }, ordered.slice(0, 5)],
        ['both', { from: '9', to: 'aa' }, ['9', 'A', 'a', 'a#']],
        ['ends that are no keys', { from: 'B', to: 'b' }, ['a', 'a#', 'aa']],
        ['an empty range', { from: 'z', to: 'a' }, []],
        ['a limit', { from: '0', limit: 2 }, ['0', '10']],
        ['no items', { limit: 0 }, []],
        ['any number of items', { limit: Number.POSITIVE_INFINITY }, ordered],
        ['in reverse', { reverse: true }, ordered.toReversed()],
        ['in reverse, limited from the end', { to: 'a', limit: 2, reverse: true }, ['A', '9']],
        ['another partition', { pk: 'none' }, []],
      ])('gives %s', async (_, range, expected) => {
        expect(await sortKeys(range)).toEqual(expected);
      });
    });

    describe('queryIndex', () => {
      const found = async (name: IndexName, pk: string) =>
        (await store.queryIndex(name, { pk, limit: 10 })).map(({ sk, indexSk }) => `${indexSk} ${sk}`);

      it('entries come, move and go with the writes of their item', async () => {
        await store.commit([
          create(at('a'), { n: 1 }, { index1: { pk: 'I', sk: '2' }, index2: { pk: 'J', sk: 'x' } }),
          create(at('b'), {}, { index1: { pk: 'I', sk: '1' }, index3: { pk: 'L', sk: '3' } }),
          create(at('c')),
        ]);
        expect(await found('index1', 'I')).toEqual(['1 b', '2 a']);
        expect(await found('index2', 'J')).toEqual(['x a']);
        expect(await found('index2', 'I')).toEqual([]);
        expect(await found('index3', 'L')).toEqual(['3 b']);
        const moved = { index1: { pk: 'I', sk: '0' }, index2: { pk: 'K', sk: 'x' } };
        await store.commit([{ ...at('a'), body: { n: 2 }, ifVersion: 1, index: moved }]);
        expect(await found('index1', 'I')).toEqual(['0 a', '1 b']);
        expect([await found('index2', 'J'), await found('index2', 'K')]).toEqual([[], ['x a']]);
        const [first] = await store.queryIndex('index1', { pk: 'I', limit: 1 });
        expect(first).toEqual({ pk: 'P', sk: 'a', version: 2, body: { n: 2 }, indexSk: '0' });
        await store.commit([{ ...at('a'), body: {}, ifVersion: 2 }]);
        await store.commit([{ ...at('b'), remove: true, ifVersion: 1 }]);
        expect([await found('index1', 'I'), await found('index2', 'K')]).toEqual([[], []]);
      });
    });

    changeFeedConformance(makeStore);

    it('does as the model does, whatever is committed', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, async (steps) => {
          for (const answer of await compareWithModel(makeStore(), steps)) {
            expect(answer.store).toEqual(answer.model);
          }
        }),
        { numRuns: 150 },
      );
    });
  });
}
