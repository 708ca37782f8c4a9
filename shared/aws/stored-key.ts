import type { Key } from '../ports/store.ts';

/**
 * Keys as DynamoDB keeps them. It orders strings by their UTF-8 bytes, as the port wants, but has no empty key
 * attribute, and says nothing of the order of index entries with equal keys.
 */
const LOWEST = '\u0000';

/** A sort key of the table: as it is, but for the empty one. The order stays the same whatever the key holds. */
export function storeSortKey(sk: string): string {
  return sk === '' || sk.startsWith(LOWEST) ? LOWEST + sk : sk;
}

export function readSortKey(stored: string): string {
  return stored.startsWith(LOWEST) ? stored.slice(LOWEST.length) : stored;
}

/** The sort key of an index entry: that of the entry, and then, to order equal ones, the item's own key. */
export function storeIndexSortKey(indexSk: string, item: Key): string {
  return `${indexSk}${LOWEST}${item.pk}${LOWEST}${item.sk}`;
}

export function readIndexSortKey(stored: string, item: Key): string {
  return stored.slice(0, stored.length - item.pk.length - item.sk.length - 2 * LOWEST.length);
}
