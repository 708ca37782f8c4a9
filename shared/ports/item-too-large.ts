import { CommitRefusedError } from './check-writes.ts';
import type { Key } from './store.ts';

/** An item is larger than the store can hold, however often it is tried. */
export class ItemTooLargeError extends CommitRefusedError {
  override readonly name = 'ItemTooLargeError';
  readonly key: Key;
  /** What the item takes in the store, after compression. */
  readonly bytes: number;
  readonly maxBytes: number;

  constructor({ pk, sk }: Key, { bytes, maxBytes }: { bytes: number; maxBytes: number }) {
    super(
      `${pk} ${sk} takes ${bytes} bytes after compression; an item of this store has at most ${maxBytes}.`,
    );
    this.key = { pk, sk };
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }
}
