import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '../ports/store.ts';
import { dynamodbStore } from './dynamodb-store.ts';

/** The store of a deployment; where it is, and the right to use it, come from the function's surroundings. */
export function openStore(tableName: string): Store {
  return dynamodbStore({ client: new DynamoDBClient(), tableName });
}
