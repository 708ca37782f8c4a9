import fc from 'fast-check';
import {
  type Change,
  type IndexName,
  type Item,
  indexNames,
  type Key,
  type Put,
  type Range,
  type Store,
  type Write,
} from '../ports/store.ts';

/** The port's contract said once more, as plainly as possible: one list of items, gone through from end to end. */
export class StoreModel {
  #items: (Item & Pick<Put, 'index'>)[] = [];
  readonly #changes: Omit<Change, 'seq'>[] = [];

  versionOf(key: Key): number {
    return this.#find(key)?.version ?? 0;
  }

  /** Whether the commit took effect. */
  commit(writes: readonly Write[]): boolean {
    if (writes.some((write) => this.versionOf(write) !== write.ifVersion)) return false;
    for (const write of writes) {
      const { pk, sk, ifVersion } = write;
      const before = this.#find(write);
      this.#items = this.#items.filter((item) => item !== before);
      const noted = { pk, sk, ...(before && { before: before.body }) };
      if ('remove' in write) {
        this.#changes.push(noted);
      } else {
        const body = JSON.parse(JSON.stringify(write.body)) as unknown;
        this.#items.push({
          pk,
          sk,
          version: ifVersion + 1,
          body,
          ...(write.index && { index: write.index }),
        });
        this.#changes.push({ ...noted, after: body });
      }
    }
    return true;
  }

  query(range: Range): Item[] {
    return select(
      this.#items.map(({ pk, sk, version, body }) => ({ at: { pk, sk }, item: { pk, sk, version, body } })),
      range,
    );
  }

  queryIndex(name: IndexName, range: Range): Item[] {
    const entries = this.#items.flatMap(({ index, ...item }) => {
      const at = index?.[name];
      return at === undefined ? [] : [{ at, item: { ...item, indexSk: at.sk } }];
    });
    return select(entries, range);
  }

  changes(): Omit<Change, 'seq'>[] {
    return this.#changes;
  }

  #find({ pk, sk }: Key) {
    return this.#items.find((item) => item.pk === pk && item.sk === sk);
  }
}

function select(
  entries: readonly { at: Key; item: Item }[],
  { pk, from, to, limit, reverse }: Range,
): Item[] {
  const bytes = (text: string) => Buffer.from(text, 'utf8');
  const compare = (a: string, b: string) => Buffer.compare(bytes(a), bytes(b));
  const found = entries
    .filter(({ at }) => at.pk === pk)
    .filter(({ at }) => from === undefined || compare(at.sk, from) >= 0)
    .filter(({ at }) => to === undefined || compare(at.sk, to) < 0)
    .sort(
      (a, b) => compare(a.at.sk, b.at.sk) || compare(a.item.pk, b.item.pk) || compare(a.item.sk, b.item.sk),
    )
    .map(({ item }) => item);
  return (reverse ? found.reverse() : found).slice(0, limit);
}

/** Few keys, so that writes meet; with characters that UTF-8 and UTF-16 order differently. */
const sortKeys = ['', '0', '00', 'a', 'a#1', 'Z', 'é', '\uffee', '😀', '😀a'] as const;
const partitions = ['P', 'P#', 'ß'] as const;
const anyKey = fc.record({ pk: fc.constantFrom(...partitions), sk: fc.constantFrom(...sortKeys) });
const anyRange = fc.record(
  {
    pk: fc.constantFrom(...partitions),
    from: fc.constantFrom(...sortKeys),
    to: fc.constantFrom(...sortKeys),
    limit: fc.integer({ min: 0, max: 12 }),
    reverse: fc.boolean(),
  },
  { requiredKeys: ['pk', 'limit'] },
);
const anyWrite = fc.record({
  key: anyKey,
  remove: fc.nat(3).map((die) => die === 0),
  /** Most writers have read the version that is there. */
  offBy: fc.nat(19).map((die) => (die === 0 ? 1 : 0)),
  body: fc.dictionary(fc.string(), fc.jsonValue()),
  index: fc.record({ index1: anyKey, index2: anyKey, index3: anyKey }, { requiredKeys: [] }),
});
const anyCommit = fc.uniqueArray(anyWrite, {
  maxLength: 6,
  selector: ({ key }) => JSON.stringify([key.pk, key.sk]),
});

export const anyHistory = fc.array(fc.record({ commit: anyCommit, range: anyRange }), { maxLength: 12 });
type Step = typeof anyHistory extends fc.Arbitrary<(infer One)[]> ? One : never;

function writesOf(commit: Step['commit'], model: StoreModel): Write[] {
  return commit.flatMap(({ key, remove, offBy, body, index }): Write[] => {
    const ifVersion = model.versionOf(key) + offBy;
    if (!remove) return [{ ...key, body, ifVersion, index }];
    return ifVersion === 0 ? [] : [{ ...key, remove: true, ifVersion }];
  });
}

/** Takes the same steps with the store and the model; returns what each of the two answered. */
export async function compareWithModel(store: Store, steps: readonly Step[]) {
  const model = new StoreModel();
  const answers: { store: unknown; model: unknown }[] = [];
  for (const { commit, range } of steps) {
    const writes = writesOf(commit, model);
    const committed = await store.commit(writes).then(
      () => true,
      (error: Error) => (error.name === 'ConflictError' ? false : error),
    );
    answers.push({ store: committed, model: model.commit(writes) });
    answers.push({ store: await store.query(range), model: model.query(range) });
    for (const name of indexNames) {
      answers.push({ store: await store.queryIndex(name, range), model: model.queryIndex(name, range) });
    }
  }
  const changes = (await store.changes(0, 1000)).map(({ seq: _, ...change }) => ({ ...change }));
  answers.push({ store: changes, model: model.changes() });
  return answers;
}
