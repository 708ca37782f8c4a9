import { DescribeTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { MAX_WRITES } from '../../shared/aws/commit-writes.ts';
import { dynamodbStore } from '../../shared/aws/dynamodb-store.ts';
import { changesOf, type StreamRecord } from '../../shared/aws/stream-changes.ts';
import { streamFeed } from '../../shared/aws/stream-feed.ts';
import { tableDefinition, timeToLiveDefinition } from '../../shared/aws/table-definition.ts';
import { expiryIndex } from '../../shared/core/keys.ts';
import type { Store } from '../../shared/ports/store.ts';
import { storeConformance } from '../../shared/testing/store-conformance.ts';
import { busyTable } from './busy-table.ts';
import { startDynamodbLocal } from './dynamodb-local.ts';
import { lateStore } from './late-store.ts';
import { queueOnTable } from './queue-on-table.ts';
import { recordsOfStream } from './stream-records.ts';
import { tableLimits } from './table-limits.ts';

// The emulator takes its time for the hundreds of tables that the conformance suite asks for.
vi.setConfig({ testTimeout: 180_000 });

const local = await startDynamodbLocal();
const start = performance.now();

if (typeof local === 'string') {
  const name = `DynamoDB (skipped: there is no DynamoDB Local here, for ${local})`;
  console.warn(name);
  describe(name, () => {
    it.skip('keeps the contract of the store');
  });
} else {
  const { client, streams, createTable } = local;
  afterAll(async () => {
    console.log(`DynamoDB Local was used for ${((performance.now() - start) / 1000).toFixed(1)} s`);
    await local.stop();
  });

  async function tableStore() {
    const { tableName, streamArn } = await createTable();
    const store = dynamodbStore({ client, tableName, feed: streamFeed(streams, streamArn) });
    return { store, tableName, streamArn };
  }
  const made = async (): Promise<Store> => (await tableStore()).store;

  storeConformance('DynamoDB', () => lateStore(made(), MAX_WRITES));
  tableLimits(local);
  busyTable(local);
  queueOnTable(local);

  it('makes the table that the definition says', async () => {
    const { tableName } = await createTable();
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
