import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';
import { BatchApi } from '../../shared/testing/acceptance/batch-api.ts';
import { DeployedApi } from './deployed-api.ts';
import type { Deployment } from './deployment.ts';
import { signedFetch } from './signed-fetch.ts';

/** The deployed stack as tests use it. */
export interface DeployedStack extends Deployment {
  /** The API, with every call signed. */
  readonly api: BatchApi;
  /** The API, with no call signed. */
  readonly unsigned: BatchApi;
  /** Clients of AWS's services, for what the API does not show. */
  readonly clients: Clients;
}

export type Clients = ReturnType<typeof clientsFor>;

/** The deployment of this test run, or why there is none: then `describe.skipIf` is given it, and says so. */
export function deployedStack(): DeployedStack | string {
  const deployment = inject('deployment');
  if (typeof deployment === 'string') return deployment;
  const { target, outputs } = deployment;
  const clients = clientsFor(deployment);
  const address = `${target.endpoint}/restapis/${outputs.ApiId}/prod/_user_request_`;
  const parent = `projects/test/locations/${target.region}`;
  const signed = signedFetch(target, target.region);
  return {
    ...deployment,
    clients,
    api: new DeployedApi(address, parent, signed, {
      ...clients,
      logGroup: outputs.NodeLog,
      tableName: outputs.TableName,
    }),
    unsigned: new BatchApi(address, parent),
  };
}

function clientsFor({ target: { endpoint, region, accessKeyId, secretAccessKey } }: Deployment) {
  const place = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  return {
    dynamodb: new DynamoDBClient(place),
    sfn: new SFNClient(place),
    ecs: new ECSClient(place),
    logs: new CloudWatchLogsClient(place),
    sns: new SNSClient(place),
    sqs: new SQSClient(place),
  };
}

/** For the name of tests that are skipped: a reader sees why. */
export function whyNot(stack: DeployedStack | string): string {
  return typeof stack === 'string' ? ` (skipped: ${stack})` : '';
}
