import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '../ports/store.ts';
import { commitWrites, MAX_WRITES } from './commit-writes.ts';
import { getItem, getItems } from './get-items.ts';
import { queryIndexedItems, queryItems } from './query-items.ts';

/** The part of the port that on AWS is delivered, not asked for. */
export type ChangeFeed = Pick<Store, 'changes' | 'forgetChanges'>;

export interface DynamodbStoreOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** For tests and small tools, which pull changes: see `streamFeed`. */
  readonly feed?: ChangeFeed;
}

/**
 * The store in one DynamoDB table (`tableDefinition`). `get`, `getMany` and `query` are strongly consistent;
 * `queryIndex` lags a little behind the commits, so what it gives may be older than the table, and what it leaves out
 * may be there. The versions that it gives are those that were read: a write over an older one conflicts.
 *
 * Changes come to Lambda handlers from the table's stream, as `changesOf` reads them, in order for each item but not
 * across items. Without a `feed`, `changes` and `forgetChanges` throw.
 */
export function dynamodbStore({ client, tableName, feed = deliveredFeed }: DynamodbStoreOptions): Store {
  const table = { client, tableName };
  return {
    maxWrites: MAX_WRITES,
    get: (key) => getItem(table, key),
    getMany: (keys) => getItems(table, keys),
    query: (range) => queryItems(table, range),
    queryIndex: (index, range) => queryIndexedItems(table, index, range),
    commit: (writes) => commitWrites(table, writes),
    changes: (after, limit) => feed.changes(after, limit),
    forgetChanges: (upTo) => feed.forgetChanges(upTo),
  };
}

const deliveredFeed: ChangeFeed = { changes: notPulled, forgetChanges: notPulled };

async function notPulled(): Promise<never> {
  throw new Error("the changes of a DynamoDB store are delivered by its table's stream, and are not pulled");
}
