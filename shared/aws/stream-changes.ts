import type { Change } from '../ports/store.ts';
import { readBody } from './stored-body.ts';
import { type Attributes, readKey } from './stored-item.ts';

/** What is read of a stream's record, be it in a Lambda event (binary values in base64) or from the Streams API. */
export interface StreamRecord {
  readonly dynamodb?:
    | {
        readonly Keys?: Attributes | undefined;
        readonly OldImage?: Attributes | undefined;
        readonly NewImage?: Attributes | undefined;
      }
    | undefined;
}

/**
 * The changes that a batch of a table's stream tells, one a record and in their order; `seq` is the place in the batch,
 * from 1. An item that DynamoDB dropped by its time to live is a removal like any other. Bodies are unpacked when they
 * are looked at: most consumers pass over most changes by the key alone.
 */
export function changesOf(records: readonly StreamRecord[]): Change[] {
  return records.map(({ dynamodb }, at) => {
    const { Keys: keys, OldImage: before, NewImage: after } = dynamodb ?? {};
    if (keys === undefined || (before === undefined && after === undefined)) {
      throw new Error("the table's stream has no images of its items: its view must be NEW_AND_OLD_IMAGES");
    }
    const change: Change = { seq: at + 1, ...readKey(keys) };
    if (before !== undefined) unpackLater(change, 'before', before);
    if (after !== undefined) unpackLater(change, 'after', after);
    return change;
  });
}

function unpackLater(change: Change, side: 'before' | 'after', image: Attributes): void {
  let body: unknown;
  Object.defineProperty(change, side, { enumerable: true, get: () => (body ??= readBody(image.body)) });
}
