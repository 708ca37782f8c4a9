import type { Range } from '../ports/store.ts';

/** The order of UTF-8 bytes, which differs from that of UTF-16 units only where a character takes two of these. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    const highX = isSurrogate(x);
    return highX === isSurrogate(y) ? x - y : highX ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

interface Entry<Value> {
  readonly sk: string;
  /** Sets entries with one sort key apart and orders them. */
  readonly id: string;
  readonly value: Value;
}

/** Values by a partition and a sort key, in the order of sort keys; several may share one, and then `id` orders them. */
export class SortedPartitions<Value> {
  readonly #partitions = new Map<string, Entry<Value>[]>();

  set(pk: string, sk: string, id: string, value: Value): void {
    const entries = this.#partitions.get(pk) ?? [];
    this.#partitions.set(pk, entries);
    const at = place(entries, sk, id);
    const there = entries[at];
    const replaces = there !== undefined && there.sk === sk && there.id === id;
    entries.splice(at, replaces ? 1 : 0, { sk, id, value });
  }

  delete(pk: string, sk: string, id: string): void {
    const entries = this.#partitions.get(pk) ?? [];
    const at = place(entries, sk, id);
    const there = entries[at];
    if (there !== undefined && there.sk === sk && there.id === id) entries.splice(at, 1);
    if (entries.length === 0) this.#partitions.delete(pk);
  }

  /** Entries with `from` <= sort key < `to`. */
  range({ pk, from, to, limit, reverse = false }: Range): { sk: string; value: Value }[] {
    const entries = this.#partitions.get(pk) ?? [];
    const start = from === undefined ? 0 : place(entries, from, '');
    const end = Math.max(start, to === undefined ? entries.length : place(entries, to, ''));
    if (reverse) return entries.slice(Math.max(start, end - limit), end).reverse();
    return entries.slice(start, Math.min(end, start + limit));
  }
}

/** The place of the first entry that is not before (sk, id). */
function place(entries: readonly Entry<unknown>[], sk: string, id: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry === undefined) break;
    const order = compareUtf8(entry.sk, sk) || compareUtf8(entry.id, id);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
