import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { tableDefinition } from '../../shared/aws/table-definition.ts';
import { freePort } from '../free-port.ts';
import { keptProcess } from '../kept-process.ts';
import { fetchDynamodbLocal } from './fetch-dynamodb-local.ts';

const START_MS = 60_000;

/** AWS's own emulator of DynamoDB, with its clients. */
export interface DynamodbLocal {
  readonly client: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  /** Makes the table of the store; returns its name and its stream. */
  createTable(): Promise<{ tableName: string; streamArn: string }>;
  stop(): Promise<void>;
}

/**
 * DynamoDB Local, or why there is none here: then its tests are skipped, and say so. Where tests must not be skipped
 * (`CI=true`), that is an error.
 */
export async function startDynamodbLocal(): Promise<DynamodbLocal | string> {
  try {
    return await start(await fetchDynamodbLocal());
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    return (error as Error).message;
  }
}

async function start(libraries: string): Promise<DynamodbLocal> {
  const port = await freePort();
  const java = [
    ...['java', '-Xmx1g', '-XX:+UseSerialGC', `-Djava.library.path=${libraries}`],
    ...['-cp', `${libraries}/*`, 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner'],
    ...['-inMemory', '-sharedDb', '-port', String(port)],
  ];
  const emulator = keptProcess(java, { env: { DDB_LOCAL_TELEMETRY: '0' } });
  const place = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const client = new DynamoDBClient(place);
  const streams = new DynamoDBStreamsClient(place);
  async function stop(): Promise<void> {
    client.destroy();
    streams.destroy();
    await emulator.stop();
  }
  if (!(await answers(client))) {
    await stop();
    throw new Error(`DynamoDB Local did not answer within ${START_MS / 1000} s: ${emulator.complaints()}`);
  }
  let tables = 0;
  async function createTable() {
    tables += 1;
    const definition = tableDefinition(`sluice-${tables}`);
    const { TableDescription: made } = await client.send(new CreateTableCommand(definition));
    return { tableName: made?.TableName ?? '', streamArn: made?.LatestStreamArn ?? '' };
  }
  return { client, streams, createTable, stop };
}

async function answers(client: DynamoDBClient): Promise<boolean> {
  for (const end = Date.now() + START_MS; Date.now() < end; await pause(100)) {
    try {
      await client.send(new ListTablesCommand({}));
      return true;
    } catch {
      // It is still starting.
    }
  }
  return false;
}
