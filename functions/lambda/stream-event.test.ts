import { describe, expect, it } from 'vitest';
import type { Change } from '../../shared/ports/store.ts';
import { consumeStream, streamEvent } from './stream-event.ts';

const aRecord = (at: number) => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: `00${at}`,
    Keys: { pk: { S: `J#${at}` }, sk: { S: 'job' } },
    NewImage: { pk: { S: `J#${at}` }, sk: { S: 'job' }, version: { N: '1' }, body: { S: `{"uid":"${at}"}` } },
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
});
const event = streamEvent.parse({ Records: [1, 2, 3].map(aRecord) });

/** Consumes, but throws for batches that hold a bad change. */
async function consumed(bad: readonly string[]) {
  const seen: string[][] = [];
  const errors: unknown[] = [];
  const response = await consumeStream(
    event,
    async (changes: readonly Change[]) => {
      const keys = changes.map(({ pk }) => pk);
      seen.push(keys);
      if (keys.some((key) => bad.includes(key))) throw new Error(`bad: ${keys}`);
    },
    (error) => errors.push(error),
  );
  return { seen, errors, failures: response.batchItemFailures.map(({ itemIdentifier: id }) => id) };
}

describe('consumeStream', () => {
  it('hands over a batch as a whole', async () => {
    expect(await consumed([])).toEqual({ seen: [['J#1', 'J#2', 'J#3']], errors: [], failures: [] });
  });

  it('reports the first change that cannot be consumed, and does not go past it', async () => {
    const { seen, failures, errors } = await consumed(['J#2']);
    expect(seen).toEqual([['J#1', 'J#2', 'J#3'], ['J#1'], ['J#2']]);
    expect(failures).toEqual(['002']);
    expect(errors).toHaveLength(2);
  });

  it('reports the first of all when none can be consumed', async () => {
    expect((await consumed(['J#1', 'J#2', 'J#3'])).failures).toEqual(['001']);
  });
});
