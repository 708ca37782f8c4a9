import { checkWrites } from '../ports/check-writes.ts';
import {
  type Change,
  ConflictError,
  type IndexName,
  type Item,
  indexNames,
  type Key,
  type Put,
  type Range,
  type Store,
  type Write,
} from '../ports/store.ts';
import { SortedPartitions } from './sorted-partitions.ts';

export interface MemoryStoreOptions {
  readonly maxWrites?: number;
  /** What it throws ends the commit before any write took effect. */
  readonly beforeCommit?: (writes: readonly Write[]) => void;
  /** What it throws reaches the writer, although all writes took effect. */
  readonly afterCommit?: (writes: readonly Write[]) => void;
}

/** Bodies are kept as text, so nothing that a caller holds is shared with the store, and each has a body that JSON can carry. */
interface Row extends Key {
  readonly version: number;
  readonly text: string;
  readonly index: NonNullable<Put['index']>;
}

interface ChangeRow extends Key {
  readonly seq: number;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A store for tests and the simulator: the contract of the port and nothing that outlives the process. */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const maxWrites = options.maxWrites ?? 2000;
  const table = new SortedPartitions<Row>();
  const rows = new Map<string, Row>();
  const indexes = {
    index1: new SortedPartitions<Row>(),
    index2: new SortedPartitions<Row>(),
    index3: new SortedPartitions<Row>(),
  };
  let feed: ChangeRow[] = [];
  let lastSeq = 0;

  function replace(key: Key, before: Row | undefined, after: Row | undefined): void {
    const id = idOf(key);
    for (const name of indexNames) {
      const old = before?.index[name];
      if (old !== undefined) indexes[name].delete(old.pk, old.sk, id);
      const entry = after?.index[name];
      if (entry !== undefined && after !== undefined) indexes[name].set(entry.pk, entry.sk, id, after);
    }
    if (after === undefined) {
      rows.delete(id);
      table.delete(key.pk, key.sk, '');
    } else {
      rows.set(id, after);
      table.set(key.pk, key.sk, '', after);
    }
    lastSeq += 1;
    feed.push({ pk: key.pk, sk: key.sk, seq: lastSeq, before: before?.text, after: after?.text });
  }

  return {
    maxWrites,
    async get<Body>(key: Key) {
      return itemOf<Body>(rows.get(idOf(key)));
    },
    async getMany<Body>(keys: readonly Key[]) {
      return keys.map((key) => itemOf<Body>(rows.get(idOf(key))));
    },
    async query<Body>(range: Range) {
      return table.range(range).map(({ value }) => readRow<Body>(value));
    },
    async queryIndex<Body>(index: IndexName, range: Range) {
      return indexes[index].range(range).map(({ sk, value }) => ({ ...readRow<Body>(value), indexSk: sk }));
    },
    async commit(writes) {
      checkWrites(writes, maxWrites);
      options.beforeCommit?.(writes);
      const afters = writes.map(rowOf);
      for (const write of writes) {
        const version = rows.get(idOf(write))?.version ?? 0;
        if (version !== write.ifVersion) throw conflict(write, version);
      }
      for (const [at, write] of writes.entries()) replace(write, rows.get(idOf(write)), afters[at]);
      options.afterCommit?.(writes);
    },
    async changes(after, limit) {
      const start = feed.findIndex((change) => change.seq > after);
      return start < 0 ? [] : feed.slice(start, start + limit).map(readChange);
    },
    async forgetChanges(upTo) {
      feed = feed.filter((change) => change.seq > upTo);
    },
  };
}

function idOf({ pk, sk }: Key): string {
  return `${pk}\u0000${sk}`;
}

function rowOf(write: Write): Row | undefined {
  if ('remove' in write) return undefined;
  const { pk, sk, ifVersion, body, index = {} } = write;
  return { pk, sk, version: ifVersion + 1, text: JSON.stringify(body), index: structuredClone(index) };
}

function readRow<Body>({ pk, sk, version, text }: Row): Item<Body> {
  return { pk, sk, version, body: JSON.parse(text) as Body };
}

function itemOf<Body>(row: Row | undefined): Item<Body> | undefined {
  return row && readRow<Body>(row);
}

function readChange({ pk, sk, seq, before, after }: ChangeRow): Change {
  return {
    pk,
    sk,
    seq,
    ...(before === undefined ? {} : { before: JSON.parse(before) as unknown }),
    ...(after === undefined ? {} : { after: JSON.parse(after) as unknown }),
  };
}

function conflict({ pk, sk, ifVersion }: Write, version: number): ConflictError {
  return new ConflictError(`${pk} ${sk} has version ${version}, not ${ifVersion}.`);
}
