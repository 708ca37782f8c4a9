import { randomBytes } from 'node:crypto';
import { DescribeTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { commitAgain } from '../../functions/commit-again.ts';
import { MAX_WRITES } from '../../shared/aws/commit-writes.ts';
import { dynamodbStore } from '../../shared/aws/dynamodb-store.ts';
import { changesOf, type StreamRecord } from '../../shared/aws/stream-changes.ts';
import { streamFeed } from '../../shared/aws/stream-feed.ts';
import { tableDefinition, timeToLiveDefinition } from '../../shared/aws/table-definition.ts';
import { expiryIndex, jobKey, seatKey, taskKey } from '../../shared/core/keys.ts';
import { ItemTooLargeError } from '../../shared/ports/item-too-large.ts';
import { ConflictError, type Put, type Store } from '../../shared/ports/store.ts';
import { storeConformance } from '../../shared/testing/store-conformance.ts';
import { startDynamodbLocal } from './dynamodb-local.ts';
import { lateStore } from './late-store.ts';
import { recordsOfStream } from './stream-records.ts';

const local = await startDynamodbLocal();
const start = performance.now();

if (typeof local === 'string') {
  describe(`DynamoDB (skipped: there is no DynamoDB Local here, for ${local})`, () => {
    it.skip('keeps the contract of the store');
  });
} else {
  const { client, streams } = local;
  afterAll(async () => {
    console.log(`DynamoDB Local was used for ${((performance.now() - start) / 1000).toFixed(1)} s`);
    await local.stop();
  });

  async function tableStore() {
    const { tableName, streamArn } = await local.createTable();
    const store = dynamodbStore({ client, tableName, feed: streamFeed(streams, streamArn) });
    return { store, tableName, streamArn };
  }
  const made = async (): Promise<Store> => (await tableStore()).store;

  storeConformance('DynamoDB', () => lateStore(made(), MAX_WRITES));

  describe('a DynamoDB table', () => {
    it('is what the definition says', async () => {
      const { tableName } = await local.createTable();
      const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
      const {
        TableName: _,
        BillingMode: billing,
        AttributeDefinitions: attributes,
        ...wanted
      } = tableDefinition(tableName);
      expect(table).toMatchObject({
        ...wanted,
        BillingModeSummary: { BillingMode: billing },
        AttributeDefinitions: expect.arrayContaining(attributes ?? []),
        GlobalSecondaryIndexes: expect.arrayContaining(
          (wanted.GlobalSecondaryIndexes ?? []).map((index) => expect.objectContaining(index)),
        ),
      });
      await client.send(new UpdateTimeToLiveCommand(timeToLiveDefinition(tableName)));
    });

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

    it.each([1, 2])('refuses what does not compress to 400 KB, with its size (%i writes)', async (count) => {
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
      expect(error).toMatchObject({ key: { pk: 'P', sk: '0' }, maxBytes: 409_600 });
      expect((error as ItemTooLargeError).bytes).toBeGreaterThan(420_000);
      expect(await store.query({ pk: 'P', limit: 9 })).toEqual([]);
    });

    it('takes what is just not too large, with both its indexes', async () => {
      const store = await made();
      const text = randomBytes(306_900).toString('base64');
      const index = { index1: { pk: 'I', sk: '1' }, index2: { pk: 'J', sk: '1' } };
      const bytes = await store
        .commit([{ pk: 'P', sk: 'a', body: { text: text + text }, ifVersion: 0 }])
        .then(
          () => 0,
          (error: ItemTooLargeError) => error.bytes,
        );
      expect(bytes).toBeGreaterThan(0);
      await store.commit([{ pk: 'P', sk: 'a', body: { text }, ifVersion: 0, index }]);
      expect((await store.query<{ text: string }>({ pk: 'P', limit: 1 }))[0]?.body.text).toBe(text);
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
    }, 60_000);

    it('lets exactly one of sixteen writers through at each version', async () => {
      const store = await made();
      const key = { pk: 'P', sk: 'counter' };
      await store.commit([{ ...key, body: { n: 0, by: [] }, ifVersion: 0 }]);
      const wins = new Map<number, number>();
      let conflicts = 0;
      const writers = Array.from({ length: 16 }, async (_, writer) => {
        for (let round = 0; round < 5; round += 1) {
          await commitAgain(async () => {
            const item = await store.get<{ n: number }>(key);
            const version = item?.version ?? 0;
            const write: Put = { ...key, body: { n: (item?.body.n ?? 0) + 1 }, ifVersion: version };
            const beside: Put = { pk: 'Q', sk: `${writer}.${round}`, body: {}, ifVersion: 0 };
            // Half of them in transactions, which conflict in other ways.
            await store.commit(writer % 2 === 0 ? [write] : [write, beside]).catch((error: unknown) => {
              expect(error).toBeInstanceOf(ConflictError);
              conflicts += 1;
              throw error;
            });
            wins.set(version, (wins.get(version) ?? 0) + 1);
          });
        }
      });
      await Promise.all(writers);
      expect(await store.get(key)).toMatchObject({ version: 81, body: { n: 80 } });
      expect([...wins.values()]).toEqual(Array.from({ length: 80 }, () => 1));
      expect(conflicts).toBeGreaterThan(80);
      expect(await store.query({ pk: 'Q', limit: 100 })).toHaveLength(40);
    });

    it('commits the report of a busy node', async () => {
      const store = await made();
      const seat = { ...seatKey('job-1', 'group0', 7), body: busySeat() };
      const took: number[] = [];
      for (let round = 0; round < 12; round += 1) {
        const tasks = Array.from({ length: 75 }, (_, n) => taskPut(round * 75 + n));
        const begun = performance.now();
        await store.commit([{ ...seat, ifVersion: round }, ...tasks]);
        took.push(performance.now() - begun);
      }
      const middle = took.sort((a, b) => a - b)[6] ?? 0;
      const bytes = JSON.stringify(seat.body).length;
      console.log(
        `a commit of 75 tasks and a seat of ${bytes} bytes: ${middle.toFixed(0)} ms (median of 12)`,
      );
      expect(await store.get(seatKey('job-1', 'group0', 7))).toMatchObject({ version: 12 });
    });
  });

  it('reads changes from the records of a stream, as the SDK gives them and as Lambda does', async () => {
    const { store, streamArn } = await tableStore();
    const large = { list: Array.from({ length: 500 }, (_, n) => `line ${n}`) };
    const index = expiryIndex(Date.UTC(2030, 0, 1), 'x');
    await store.commit([{ pk: 'P', sk: '', body: { n: 1 }, ifVersion: 0, index }]);
    await store.commit([{ pk: 'P', sk: '', body: large, ifVersion: 1 }]);
    await store.commit([{ pk: 'P', sk: '', remove: true, ifVersion: 2 }]);
    const records = await recordsOfStream(streams, streamArn);
    const expected = [
      { seq: 1, pk: 'P', sk: '', after: { n: 1 } },
      { seq: 2, pk: 'P', sk: '', before: { n: 1 }, after: large },
      { seq: 3, pk: 'P', sk: '', before: large },
    ];
    expect(changesOf(records).map((change) => ({ ...change }))).toStrictEqual(expected);
    const event = JSON.parse(
      JSON.stringify(records, (_, value: unknown) =>
        isBytes(value) ? Buffer.from(Object.values(value)).toString('base64') : value,
      ),
    ) as StreamRecord[];
    expect(changesOf(event).map((change) => ({ ...change }))).toStrictEqual(expected);
    expect(records[0]?.dynamodb?.NewImage?.expiresAt).toEqual({ N: String(Date.UTC(2030, 0, 1) / 1000) });
    expect(records[1]?.dynamodb?.NewImage?.expiresAt).toBeUndefined();
  });
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function taskPut(index: number): Put {
  const attempt = {
    attempt: 0,
    zone: 'us-east-1a',
    instanceId: '7263518273645172635',
    assignedAt: 1_795_000_000_000 + index,
    startedAt: 1_795_000_000_317 + index,
    endedAt: 1_795_000_100_000 + index,
    outcome: 'SUCCEEDED',
    exitCode: 0,
  };
  const body = { index, state: 'SUCCEEDED', attempts: [attempt] };
  return { ...taskKey('job-1', 'group0', index), body, ifVersion: 0 };
}

/** About 20 KB of JSON: a node that holds 200 tasks. */
function busySeat(): object {
  const active = Array.from({ length: 200 }, (_, n) => ({
    index: 20_000 + n * 7,
    attempt: 0,
    recorded: false,
    assignedAt: 1_795_000_000_000 + n * 17,
    startedAt: 1_795_000_000_317 + n * 23,
    runnable: 1,
  }));
  return { jobUid: 'job-1', groupId: 'group0', seat: 7, slots: 100, active };
}
