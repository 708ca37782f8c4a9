import { BatchGetItemCommand, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item, Key } from '../ports/store.ts';
import { backOff } from './backoff.ts';
import { type Attributes, readItem, readKey, type StoredItem, storeKey } from './stored-item.ts';

/** Keys in one BatchGetItem. */
const KEYS_A_CALL = 100;
/** Calls in a row that gave nothing; the waits between them add up to about five seconds. */
const EMPTY_ANSWERS = 10;

export interface Table {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** Strongly consistent. */
export async function getItem<Body>({ client, tableName }: Table, key: Key): Promise<Item<Body> | undefined> {
  const get = new GetItemCommand({ TableName: tableName, Key: storeKey(key), ConsistentRead: true });
  const { Item: found } = await client.send(get);
  return found === undefined ? undefined : readItem<Body>(found);
}

/** Strongly consistent each by itself, and no snapshot of all. In the order of `keys`. */
export async function getItems<Body>(
  table: Table,
  keys: readonly Key[],
): Promise<(Item<Body> | undefined)[]> {
  const wanted = [...new Map(keys.map((key) => [idOf(key), storeKey(key)])).values()];
  const calls: Promise<Attributes[]>[] = [];
  for (let from = 0; from < wanted.length; from += KEYS_A_CALL) {
    calls.push(getBatch(table, wanted.slice(from, from + KEYS_A_CALL)));
  }
  const found = new Map((await Promise.all(calls)).flat().map((stored) => [idOf(readKey(stored)), stored]));
  return keys.map((key) => {
    const stored = found.get(idOf(key));
    return stored && readItem<Body>(stored);
  });
}

/** An answer may leave keys out, when it would be too large or the table is throttled: those are asked for again. */
async function getBatch({ client, tableName }: Table, keys: StoredItem[]): Promise<Attributes[]> {
  const found: Attributes[] = [];
  for (let left = keys, emptyAnswers = 0; left.length > 0; ) {
    const request = { [tableName]: { Keys: left, ConsistentRead: true } };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: request }));
    const items = answer.Responses?.[tableName] ?? [];
    found.push(...items);
    left = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    emptyAnswers = items.length > 0 ? 0 : emptyAnswers + 1;
    if (emptyAnswers === EMPTY_ANSWERS && left.length > 0) {
      throw new Error(`${tableName} is throttled: ${left.length} of ${keys.length} items could not be read`);
    }
    if (emptyAnswers > 0 && left.length > 0) await backOff(emptyAnswers);
  }
  return found;
}

function idOf({ pk, sk }: Key): string {
  return `${pk}\u0000${sk}`;
}
