import { randomBytes } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbStore } from '../../shared/aws/dynamodb-store.ts';
import { MAX_ITEM_BYTES, sizeOf, storeItem } from '../../shared/aws/stored-item.ts';
import { jobKey } from '../../shared/core/keys.ts';
import { ItemTooLargeError } from '../../shared/ports/item-too-large.ts';
import type { Store } from '../../shared/ports/store.ts';
import type { DynamodbLocal } from './dynamodb-local.ts';

/** What the store makes of DynamoDB's limits: of an item, of an answer. */
export function tableLimits({ client, createTable }: DynamodbLocal): void {
  const made = async (): Promise<Store> => dynamodbStore({ client, ...(await createTable()) });

  describe('a DynamoDB table', () => {
    it('holds a job of one megabyte that compresses, in one commit with its name', async () => {
      const store = await made();
      const variables = (n: number) => ({
        SAMPLE: `sample-${n}`,
        INPUT: `s3://genomes/reads/${randomBytes(4).toString('hex')}/${n}.fastq.gz`,
      });
      const taskEnvironments = Array.from({ length: 11_500 }, (_, n) => ({ variables: variables(n) }));
      const body = { uid: 'job-1', spec: { taskGroups: [{ taskEnvironments }] } };
      expect(JSON.stringify(body).length).toBeGreaterThan(1_000_000);
      const index = { index1: { pk: 'P#p', sk: '1' }, index2: { pk: 'QUEUED', sk: '1' } };
      await store.commit([
        { ...jobKey('job-1'), body, ifVersion: 0, index },
        { pk: 'P#p', sk: 'l/job', body: { uid: 'job-1' }, ifVersion: 0 },
      ]);
      expect((await store.get(jobKey('job-1')))?.body).toEqual(body);
      expect((await store.queryIndex('index2', { pk: 'QUEUED', limit: 9 }))[0]?.body).toEqual(body);
    });

    it.each([1, 2])(
      'refuses a new item that does not compress to 368 KB, with its size (%i writes)',
      async (count) => {
        const store = await made();
        const text = randomBytes(420_000).toString('base64');
        const writes = Array.from({ length: count }, (_, n) => ({
          pk: 'P',
          sk: String(n),
          body: n === 0 ? { text } : {},
          ifVersion: 0,
        }));
        const error = await store.commit(writes).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ItemTooLargeError);
        expect(error).toMatchObject({ key: { pk: 'P', sk: '0' }, maxBytes: 368 * 1024 });
        expect((error as ItemTooLargeError).bytes).toBeGreaterThan(420_000);
        expect(await store.query({ pk: 'P', limit: 9 })).toEqual([]);
      },
    );

    it('leaves an item room to grow', async () => {
      const store = await made();
      const write = { pk: 'P', sk: 'a', ifVersion: 0 };
      const text = (bytes: number) => ({ text: randomBytes(bytes).toString('base64') });
      await expect(store.commit([{ ...write, body: text(385_000) }])).rejects.toBeInstanceOf(
        ItemTooLargeError,
      );
      await store.commit([{ ...write, body: text(360_000) }]);
      await store.commit([{ ...write, body: text(385_000), ifVersion: 1 }]);
      const tooLarge = store.commit([{ ...write, body: text(410_000), ifVersion: 2 }]);
      await expect(tooLarge).rejects.toMatchObject({ maxBytes: 400 * 1024 });
      expect(await store.get(write)).toMatchObject({ version: 2 });
    });

    it('counts the size of an item as DynamoDB does, with both its indexes', async () => {
      const { tableName } = await createTable();
      const key = { pk: 'P', sk: 'ключ' };
      const index = { index1: { pk: 'I', sk: '1' }, index2: { pk: 'J', sk: '1' } };
      const small = storeItem({ ...key, body: {}, ifVersion: 0, index }, 'writer');
      const put = (bytes: number) => {
        const body = { B: new Uint8Array(bytes) };
        return client.send(new PutItemCommand({ TableName: tableName, Item: { ...small, body } }));
      };
      // The number is counted with the most that it can take.
      const room = MAX_ITEM_BYTES - (sizeOf(small) - '{}'.length);
      await put(room);
      await expect(put(room + 21)).rejects.toThrow('size');
    });

    it('reads ranges and keys beyond what one answer holds', async () => {
      const store = await made();
      const body = (n: number) => ({ n, text: randomBytes(150_000).toString('base64') });
      const items = Array.from({ length: 120 }, (_, n) => ({
        pk: 'P',
        sk: String(n).padStart(3, '0'),
        body: body(n),
        ifVersion: 0,
        index: { index1: { pk: 'I', sk: 'same' } },
      }));
      for (let from = 0; from < items.length; from += 15) await store.commit(items.slice(from, from + 15));
      const numbers = (found: readonly ({ body: { n: number } } | undefined)[]) =>
        found.map((item) => item?.body.n);
      const all = items.map((_, n) => n);
      expect(numbers(await store.query({ pk: 'P', limit: 1000 }))).toEqual(all);
      expect(
        numbers(await store.query({ pk: 'P', from: '001', to: '111', limit: 50, reverse: true })),
      ).toEqual(all.slice(61, 111).toReversed());
      expect(numbers(await store.queryIndex('index1', { pk: 'I', limit: 100 }))).toEqual(all.slice(0, 100));
      expect(numbers(await store.getMany(items.toReversed()))).toEqual(all.toReversed());
    });
  });
}
