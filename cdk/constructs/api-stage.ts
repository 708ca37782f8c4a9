import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Requests a second of clients. */
const CLIENT_RATE = {
  throttlingRateLimit: 200,
  throttlingBurstLimit: 400,
  loggingLevel: MethodLoggingLevel.ERROR,
};
/** Nodes stretch their reports to 200 a second a group; a few groups report at once. */
const NODE_RATE = { ...CLIENT_RATE, throttlingRateLimit: 1_000, throttlingBurstLimit: 2_000 };

/** How a stage is throttled and logged. `nodeCalls`: what nodes call, each as path and method. */
export function stageOptions(
  scope: Construct,
  {
    stageName,
    logDays,
    isTraced,
    nodeCalls = [],
  }: { stageName: string; logDays: RetentionDays; isTraced: boolean; nodeCalls?: string[] },
): StageOptions {
  const accessLog = new LogGroup(scope, 'AccessLog', {
    retention: logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return {
    stageName,
    tracingEnabled: isTraced,
    ...CLIENT_RATE,
    methodOptions: Object.fromEntries(nodeCalls.map((call) => [call, NODE_RATE])),
    accessLogDestination: new LogGroupLogDestination(accessLog),
    accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
  };
}

/** A line of the access log: who asked for what, and what came of it. No headers, for they hold tokens. */
const accessLogFields = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  subject: '$context.authorizer.principalId',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
};
