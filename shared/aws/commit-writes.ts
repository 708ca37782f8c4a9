import { randomBytes } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CommitRefusedError, checkWrites } from '../ports/check-writes.ts';
import { ConflictError, type Put, type Remove, type Write } from '../ports/store.ts';
import { backOff } from './backoff.ts';
import type { Table } from './get-items.ts';
import { sizeOf, storeItem, storeKey } from './stored-item.ts';

/** DynamoDB's limits of a transaction. */
export const MAX_WRITES = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;
/** Tries at a transaction that is throttled; the waits between them add up to about five seconds. */
const TRIES = 10;

/** All writes or none. A single write is no transaction, which would cost twice as much. */
export async function commitWrites(table: Table, writes: readonly Write[]): Promise<void> {
  checkWrites(writes, MAX_WRITES);
  const [only] = writes;
  if (only === undefined) return;
  if (writes.length > 1) return transact(table, writes);
  await ('remove' in only ? remove(table, only) : put(table, only));
}

/**
 * The SDK repeats a request whose answer it did not get. When the first one took effect, the repetition finds our own
 * item there, known by its `writer`, and that is no conflict.
 */
async function put({ client, tableName }: Table, write: Put): Promise<void> {
  const writer = randomBytes(9).toString('base64url');
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: storeItem(write, writer),
        ...versionCondition(write),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException && error.Item?.writer?.S === writer) return;
    throw conflictOf(error, [write]) ?? error;
  }
}

async function remove({ client, tableName }: Table, write: Remove): Promise<void> {
  try {
    const key = storeKey(write);
    await client.send(new DeleteItemCommand({ TableName: tableName, Key: key, ...versionCondition(write) }));
  } catch (error) {
    throw conflictOf(error, [write]) ?? error;
  }
}

/** The SDK gives each transaction a token, by which DynamoDB knows a repetition from a second one. */
async function transact({ client, tableName }: Table, writes: readonly Write[]): Promise<void> {
  const items = writes.map((write) => transactItem(tableName, write));
  const bytes = items.reduce(
    (sum, { Put: one }) => sum + (one?.Item === undefined ? 0 : sizeOf(one.Item)),
    0,
  );
  if (bytes > MAX_TRANSACTION_BYTES) {
    throw new CommitRefusedError(`A commit has at most ${MAX_TRANSACTION_BYTES} bytes, not ${bytes}.`);
  }
  for (let tries = 1; ; tries += 1) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return;
    } catch (error) {
      const conflict = conflictOf(error, writes);
      if (conflict !== undefined) throw conflict;
      if (!isThrottled(error) || tries === TRIES) throw error;
      await backOff(tries);
    }
  }
}

function transactItem(tableName: string, write: Write): TransactWriteItem {
  const common = { TableName: tableName, ...versionCondition(write) };
  if ('remove' in write) return { Delete: { ...common, Key: storeKey(write) } };
  return { Put: { ...common, Item: storeItem(write) } };
}

function versionCondition({ ifVersion }: Write) {
  if (ifVersion === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': { N: String(ifVersion) } },
  };
}

function conflictOf(error: unknown, writes: readonly Write[]): ConflictError | undefined {
  if (error instanceof ConditionalCheckFailedException)
    return conflict(writes[0], 'ConditionalCheckFailed', error);
  if (error instanceof TransactionConflictException) return conflict(writes[0], 'TransactionConflict', error);
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reasons = error.CancellationReasons ?? [];
  for (const code of ['ConditionalCheckFailed', 'TransactionConflict'] as const) {
    const at = reasons.findIndex((reason) => reason.Code === code);
    if (at >= 0) return conflict(writes[at], code, error);
  }
  return undefined;
}

function conflict(
  write: Write | undefined,
  code: 'ConditionalCheckFailed' | 'TransactionConflict',
  cause: Error,
): ConflictError {
  const { pk, sk, ifVersion } = write ?? { pk: '?', sk: '?', ifVersion: 0 };
  const others = {
    ConditionalCheckFailed: ifVersion === 0 ? 'exists already' : `has no longer version ${ifVersion}`,
    TransactionConflict: 'is being written by another commit',
  };
  return new ConflictError(`${pk} ${sk} ${others[code]}.`, { cause });
}

/** The SDK repeats what is throttled, but not a transaction that was cancelled because one of its writes was. */
function isThrottled(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const throttled = ['ThrottlingError', 'ProvisionedThroughputExceeded'];
  return (error.CancellationReasons ?? []).some(({ Code: code }) => throttled.includes(code ?? ''));
}
