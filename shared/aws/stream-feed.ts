import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as Record,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { Change } from '../ports/store.ts';
import type { ChangeFeed } from './dynamodb-store.ts';
import { changesOf } from './stream-changes.ts';

/** How far a shard has been read. Without an iterator, reading goes on after `lastRead`. */
interface ShardCursor {
  iterator?: string | undefined;
  lastRead?: string | undefined;
  ended: boolean;
}

/**
 * Pulls the changes of a table's stream, for tests and small tools: it numbers them as it reads them, and what it has
 * read and been told to forget lives in its memory, so that a new feed begins with all that the stream still has (24
 * hours). Services are handed their changes by Lambda instead. Items keep their order, a stream of several shards has
 * none across items.
 */
export function streamFeed(client: DynamoDBStreamsClient, streamArn: string): ChangeFeed {
  const cursors = new Map<string, ShardCursor>();
  let feed: Change[] = [];
  let lastSeq = 0;
  let forgotten = 0;
  let reading = Promise.resolve();

  async function readOn(): Promise<void> {
    for (const shard of await openShards(client, streamArn, cursors)) {
      for await (const records of recordsOf(client, streamArn, shard)) {
        for (const change of changesOf(records)) feed.push(renumbered(change, ++lastSeq));
      }
    }
  }

  return {
    async changes(after, limit) {
      // One after the other: two readers of one cursor would read the same records.
      reading = reading.catch(() => undefined).then(readOn);
      await reading;
      const start = feed.findIndex(({ seq }) => seq > Math.max(after, forgotten));
      return start < 0 ? [] : feed.slice(start, start + Math.max(0, limit));
    },
    async forgetChanges(upTo) {
      forgotten = Math.max(forgotten, Math.min(upTo, lastSeq));
      feed = feed.filter(({ seq }) => seq > forgotten);
    },
  };
}

/** The same change, its bodies still packed. */
function renumbered(change: Change, seq: number): Change {
  return Object.defineProperty(change, 'seq', { enumerable: true, value: seq });
}

interface OpenShard {
  readonly id: string;
  readonly cursor: ShardCursor;
}

/** Shards that are not read to their end. A shard that was split off another comes after that one. */
async function openShards(
  client: DynamoDBStreamsClient,
  streamArn: string,
  cursors: Map<string, ShardCursor>,
): Promise<OpenShard[]> {
  const shards = new Map<string, Shard>();
  let last: string | undefined;
  do {
    const from = last === undefined ? {} : { ExclusiveStartShardId: last };
    const { StreamDescription: page } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ...from }),
    );
    for (const shard of page?.Shards ?? []) shards.set(shard.ShardId ?? '', shard);
    last = page?.LastEvaluatedShardId;
  } while (last !== undefined);
  const depth = (shard: Shard | undefined): number =>
    shard === undefined ? 0 : 1 + depth(shards.get(shard.ParentShardId ?? ''));
  return [...shards]
    .sort(([, a], [, b]) => depth(a) - depth(b))
    .map(([id]) => {
      const cursor = cursors.get(id) ?? { ended: false };
      cursors.set(id, cursor);
      return { id, cursor };
    })
    .filter(({ cursor }) => !cursor.ended);
}

/** The records of a shard from where its cursor stands, until it has none at the moment. */
async function* recordsOf(
  client: DynamoDBStreamsClient,
  streamArn: string,
  { id, cursor }: OpenShard,
): AsyncGenerator<Record[]> {
  for (;;) {
    cursor.iterator ??= await iteratorOf(client, streamArn, id, cursor);
    const page = await client
      .send(new GetRecordsCommand({ ShardIterator: cursor.iterator }))
      .catch((error: unknown) => {
        // After a quarter of an hour; the cursor still knows where it stood.
        if (error instanceof ExpiredIteratorException) return undefined;
        throw error;
      });
    cursor.iterator = page?.NextShardIterator;
    if (page === undefined) continue;
    const records = page.Records ?? [];
    cursor.lastRead = records.at(-1)?.dynamodb?.SequenceNumber ?? cursor.lastRead;
    cursor.ended = page.NextShardIterator === undefined;
    if (records.length > 0) yield records;
    if (cursor.ended || records.length === 0) return;
  }
}

async function iteratorOf(
  client: DynamoDBStreamsClient,
  streamArn: string,
  shardId: string,
  { lastRead }: ShardCursor,
): Promise<string | undefined> {
  const position =
    lastRead === undefined
      ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
      : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: lastRead } as const);
  const iterator = new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ...position });
  return (await client.send(iterator)).ShardIterator;
}
