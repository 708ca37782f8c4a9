import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  UpdateTimeToLiveCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type IndexName, indexNames } from '../ports/store.ts';

/** The table that `dynamodbStore` works on, as CreateTable takes it. */
export function tableDefinition(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', ...indexNames.flatMap((name) => [`${name}pk`, `${name}sk`])].map(
      (name) => ({ AttributeName: name, AttributeType: 'S' }),
    ),
    KeySchema: keySchema('pk', 'sk'),
    GlobalSecondaryIndexes: indexNames.map(index),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  };
}

/** Lets DynamoDB drop items whose time has come, as UpdateTimeToLive takes it; CreateTable has no room for it. */
export function timeToLiveDefinition(tableName: string): UpdateTimeToLiveCommandInput {
  return { TableName: tableName, TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } };
}

/** Items without an entry are not in it. */
function index(name: IndexName): GlobalSecondaryIndex {
  return {
    IndexName: name,
    KeySchema: keySchema(`${name}pk`, `${name}sk`),
    Projection: { ProjectionType: 'ALL' },
  };
}

function keySchema(pk: string, sk: string): GlobalSecondaryIndex['KeySchema'] {
  return [
    { AttributeName: pk, KeyType: 'HASH' },
    { AttributeName: sk, KeyType: 'RANGE' },
  ];
}
