/**
 * Where all state lives. An item has a key of two parts, a version that grows with each write, a body, and up to three
 * index entries. Adapters: SQLite (one machine), memory (tests and the simulator). Every write names the version that
 * its writer read, so two writers never overwrite each other unseen.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export const indexNames = ['index1', 'index2', 'index3'] as const;
export type IndexName = (typeof indexNames)[number];

export interface Item<Body = unknown> extends Key {
  /** 1 for the first write. */
  readonly version: number;
  readonly body: Body;
}

export interface Put extends Key {
  readonly body: object;
  /** The version that was read; 0 when the item must not exist. */
  readonly ifVersion: number;
  /** Index entries; an index that is not named here has none for this item. */
  readonly index?: Partial<Record<IndexName, Key>>;
  /**
   * Says in a word what the change means, for consumers of the feed that are called on AWS: of items that change often they
   * are told of those changes alone whose signal they ask for. The feed itself has all changes.
   */
  readonly signal?: string;
}

export interface Remove extends Key {
  readonly remove: true;
  readonly ifVersion: number;
}

export type Write = Put | Remove;

export interface Range {
  readonly pk: string;
  /** First sort key, inclusive. */
  readonly from?: string;
  /** Sort key after the last, exclusive. */
  readonly to?: string;
  readonly limit: number;
  readonly reverse?: boolean;
}

/** What the change feed says of one write, in the order of commits. `before` is absent for a new item, `after` for a removed one. */
export interface Change extends Key {
  /** Grows with each change. */
  readonly seq: number;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Somebody else wrote an item of the commit first: load again, decide again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

export interface Store {
  /** Writes that one commit can hold. */
  readonly maxWrites: number;
  get<Body>(key: Key): Promise<Item<Body> | undefined>;
  /** In the order of `keys`; undefined for items that do not exist. */
  getMany<Body>(keys: readonly Key[]): Promise<(Item<Body> | undefined)[]>;
  /** Items of one partition in the order of their sort keys. */
  query<Body>(range: Range): Promise<Item<Body>[]>;
  /** Items by an index entry; the range is over the entry's keys. Each item comes with its entry's sort key. */
  queryIndex<Body>(index: IndexName, range: Range): Promise<(Item<Body> & { readonly indexSk: string })[]>;
  /** All writes or none; durable when it returns. Throws ConflictError when an item has another version. */
  commit(writes: readonly Write[]): Promise<void>;
  /** Changes after `seq`, oldest first. */
  changes(after: number, limit: number): Promise<Change[]>;
  /** Forgets changes up to and including `seq`: every consumer is past them. */
  forgetChanges(upTo: number): Promise<void>;
}
