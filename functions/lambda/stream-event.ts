import * as z from 'zod';
import { changesOf } from '../../shared/aws/stream-changes.ts';
import type { Change } from '../../shared/ports/store.ts';

const attributes = z.record(z.string(), z.unknown());

/** What is read of a batch of the table's stream. */
export const streamEvent = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        Keys: attributes,
        OldImage: attributes.optional(),
        NewImage: attributes.optional(),
      }),
    }),
  ),
});
export type StreamEvent = z.infer<typeof streamEvent>;

/** The records that Lambda is to deliver again: from the first of them on it does. */
export interface StreamResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Consumes a batch as a whole, for changes of one job are told together. When that fails, the batch is consumed change by
 * change up to the one that cannot be: it and those behind it come again, and nothing before it does.
 */
export async function consumeStream(
  { Records: records }: StreamEvent,
  consume: (changes: readonly Change[]) => Promise<void>,
  logError: (error: unknown) => void,
): Promise<StreamResponse> {
  try {
    await consume(changesOf(records));
    return { batchItemFailures: [] };
  } catch (error) {
    logError(error);
  }
  for (const record of records) {
    try {
      await consume(changesOf([record]));
    } catch (error) {
      logError(error);
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
}
