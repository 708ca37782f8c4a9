import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { EXPIRING } from '../core/keys.ts';
import { ItemTooLargeError } from '../ports/item-too-large.ts';
import { type IndexName, type Item, indexNames, type Key, type Put } from '../ports/store.ts';
import { readBody, storeBody } from './stored-body.ts';
import { readIndexSortKey, readSortKey, storeIndexSortKey, storeSortKey } from './stored-key.ts';

/** Attributes by name, as the SDK or a stream delivers them; what they hold is looked at one by one. */
export type Attributes = Readonly<Record<string, unknown>>;

export type StoredItem = Record<string, AttributeValue>;

/** DynamoDB's limit: names and values of all attributes together. */
export const MAX_ITEM_BYTES = 400 * 1024;

/** What a new item must leave free: one that could be made but never changed, for want of room, would be stuck. */
const ROOM_TO_GROW_BYTES = 32 * 1024;

export function storeKey({ pk, sk }: Key): StoredItem {
  return { pk: { S: pk }, sk: { S: storeSortKey(sk) } };
}

/** The item that a write puts into the table. `writer` tells it from another writer's. */
export function storeItem(write: Put, writer?: string): StoredItem {
  const item: StoredItem = {
    ...storeKey(write),
    version: { N: String(write.ifVersion + 1) },
    body: storeBody(write.body),
    ...(writer === undefined ? {} : { writer: { S: writer } }),
    ...(write.signal === undefined ? {} : { signal: { S: write.signal } }),
  };
  for (const name of indexNames) {
    const entry = write.index?.[name];
    if (entry === undefined) continue;
    item[`${name}pk`] = { S: entry.pk };
    item[`${name}sk`] = { S: storeIndexSortKey(entry.sk, write) };
  }
  const expiresAt = expiryOf(write);
  if (expiresAt !== undefined) item.expiresAt = { N: String(expiresAt) };
  const bytes = sizeOf(item);
  const maxBytes = write.ifVersion === 0 ? MAX_ITEM_BYTES - ROOM_TO_GROW_BYTES : MAX_ITEM_BYTES;
  if (bytes > maxBytes) throw new ItemTooLargeError(write, { bytes, maxBytes });
  return item;
}

/** Epoch seconds from which DynamoDB may drop an item of itself: those that the sweep would remove then. */
function expiryOf({ index }: Put): number | undefined {
  const entry = index?.index2;
  if (entry?.pk !== EXPIRING) return undefined;
  const atMs = Number.parseInt(entry.sk, 10);
  return Number.isNaN(atMs) ? undefined : Math.ceil(atMs / 1000);
}

/** What DynamoDB counts: UTF-8 of names and values; a number takes at most 21 bytes. */
export function sizeOf(item: StoredItem): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += Buffer.byteLength(name);
    bytes += value.B?.byteLength ?? (value.S === undefined ? 21 : Buffer.byteLength(value.S));
  }
  return bytes;
}

export function readItem<Body>(stored: Attributes): Item<Body> {
  return {
    ...readKey(stored),
    version: Number(text(stored, 'version', 'N')),
    body: readBody(stored.body) as Body,
  };
}

/** An item that was found by an index, with its entry's sort key. */
export function readIndexed<Body>(index: IndexName, stored: Attributes): Item<Body> & { indexSk: string } {
  const item = readItem<Body>(stored);
  return { ...item, indexSk: readIndexSortKey(text(stored, `${index}sk`, 'S'), item) };
}

export function readKey(stored: Attributes): Key {
  return { pk: text(stored, 'pk', 'S'), sk: readSortKey(text(stored, 'sk', 'S')) };
}

function text(stored: Attributes, name: string, type: 'S' | 'N'): string {
  const value = (stored[name] as Record<string, unknown> | undefined)?.[type];
  if (typeof value === 'string') return value;
  throw new Error(`an item of the table has no ${type} attribute '${name}': it was not written by Sluice`);
}
