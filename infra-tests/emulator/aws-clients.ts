import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STACK, type Target } from './deploy-stack.ts';

/** The name of the cluster of nodes. */
export const CLUSTER = `${STACK}-nodes`;

export type Clients = ReturnType<typeof clientsFor>;

/** Clients of AWS's services at the target. */
export function clientsFor({ endpoint, region, accessKeyId, secretAccessKey }: Target) {
  const place = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  return {
    dynamodb: new DynamoDBClient(place),
    sfn: new SFNClient(place),
    ecs: new ECSClient(place),
    iam: new IAMClient(place),
    logs: new CloudWatchLogsClient(place),
    secretsManager: new SecretsManagerClient(place),
    sns: new SNSClient(place),
    sqs: new SQSClient(place),
  };
}
