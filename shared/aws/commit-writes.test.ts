import { randomBytes } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommitRefusedError } from '../ports/check-writes.ts';
import { ConflictError, type Write } from '../ports/store.ts';
import { answeringClient, type Sent } from './answering-client.ts';
import { commitWrites } from './commit-writes.ts';

const put = (sk: string, ifVersion = 0, body = {}): Write => ({ pk: 'P', sk, body, ifVersion });
const remove: Write = { pk: 'P', sk: 'r', remove: true, ifVersion: 3 };
const meta = { $metadata: {}, message: 'refused' };
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...meta, CancellationReasons: codes.map((code) => ({ Code: code })) });

async function commit(writes: Write[], answers: unknown[] = []): Promise<{ sent: Sent[]; error: unknown }> {
  const { client, sent } = answeringClient(answers);
  const error = await commitWrites({ client, tableName: 'sluice' }, writes).catch(
    (thrown: unknown) => thrown,
  );
  return { sent, error };
}

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a commit', () => {
  it.each([
    ['a put', [put('a')], 'PutItemCommand'],
    ['a removal', [remove], 'DeleteItemCommand'],
    ['several writes', [put('a'), remove], 'TransactWriteItemsCommand'],
  ])('of %s is one call with its conditions', async (_, writes, name) => {
    const { sent, error } = await commit(writes);
    expect(error).toBeUndefined();
    expect(sent.map((call) => call.name)).toEqual([name]);
    const text = JSON.stringify(sent[0]?.input);
    expect(text.match(/attribute_not_exists\(pk\)|#version = :version/g)).toHaveLength(writes.length);
  });

  it.each([
    [
      'the item of a put has another version',
      [put('a', 2)],
      new ConditionalCheckFailedException(meta),
      'P a has no',
    ],
    [
      'the item of a removal has',
      [remove],
      new ConditionalCheckFailedException(meta),
      'P r has no longer version 3',
    ],
    [
      'a transaction is at the item',
      [put('a')],
      new TransactionConflictException(meta),
      'P a is being written',
    ],
    [
      'an item of several exists',
      [remove, put('a')],
      cancelled('None', 'ConditionalCheckFailed'),
      'P a exists',
    ],
    [
      'two transactions meet',
      [remove, put('a')],
      cancelled('TransactionConflict', 'None'),
      'P r is being written',
    ],
    [
      'one of several is throttled, another has changed',
      [remove, put('a')],
      cancelled('ThrottlingError', 'ConditionalCheckFailed'),
      'P a exists',
    ],
  ])('conflicts when %s', async (_, writes, thrown, message) => {
    const { sent, error } = await commit(writes, [thrown]);
    expect(error).toBeInstanceOf(ConflictError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).cause).toBe(thrown);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['a put', [put('a')]],
    ['a removal', [remove]],
    ['several writes', [put('a'), remove]],
  ])('of %s passes on what is no conflict', async (_, writes) => {
    const thrown = new Error('no network');
    expect((await commit(writes, [thrown])).error).toBe(thrown);
  });

  it('of several writes is tried again while DynamoDB throttles it', async () => {
    const throttled = cancelled('None', 'ThrottlingError');
    const { sent, error } = await commit([put('a'), remove], [throttled, throttled]);
    expect(error).toBeUndefined();
    expect(sent).toHaveLength(3);
    const forever = await commit(
      [put('a'), remove],
      Array.from({ length: 20 }, () => throttled),
    );
    expect(forever.error).toBe(throttled);
    expect(forever.sent).toHaveLength(10);
  });

  it('of more than four megabytes is refused', async () => {
    const large = (sk: string) => put(sk, 0, { text: randomBytes(300_000).toString('base64') });
    const { sent, error } = await commit(Array.from({ length: 14 }, (_, n) => large(String(n))));
    expect(error).toBeInstanceOf(CommitRefusedError);
    expect((error as Error).message).toMatch(/^A commit has at most 4194304 bytes, not 42\d{5}\.$/);
    expect(sent).toEqual([]);
  });
});

describe('a put that the SDK repeats, for its first answer was lost', () => {
  /** A client whose only answer is that the condition fails, and which shows the item that is there. */
  async function repeated(writer: (ours: string) => string): Promise<unknown> {
    const { client } = answeringClient([]);
    client.send = async ({ input }: { input: { Item: { writer: { S: string } } } }) => {
      const item = { writer: { S: writer(input.Item.writer.S) } };
      throw new ConditionalCheckFailedException({ ...meta, Item: item });
    };
    const write = put('a');
    return commitWrites({ client, tableName: 'sluice' }, [write]).catch((thrown: unknown) => thrown);
  }

  it('is no conflict when what is there is its own', async () => {
    expect(await repeated((ours) => ours)).toBeUndefined();
  });

  it("is one when what is there is another writer's", async () => {
    expect(await repeated((ours) => `${ours}x`)).toBeInstanceOf(ConflictError);
  });
});
