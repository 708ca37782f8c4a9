import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  CfnAccount,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type MethodOptions,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface BatchApiProps {
  readonly jobsApi: LambdaFunction;
  readonly stateReport: LambdaFunction;
  readonly claimNode: LambdaFunction;
  /** Sets the account's role for API Gateway's logs; an account has one, so another stack may have done it. */
  readonly accountLogRole: boolean;
  /** Days that the access log is kept. */
  readonly logDays: RetentionDays;
}

/** Requests a second of clients. */
const CLIENT_RATE = {
  throttlingRateLimit: 200,
  throttlingBurstLimit: 400,
  loggingLevel: MethodLoggingLevel.ERROR,
};
/** Nodes stretch their reports to 200 a second a group; a few groups report at once. */
const NODE_RATE = { ...CLIENT_RATE, throttlingRateLimit: 1_000, throttlingBurstLimit: 2_000 };
const STAGE = 'prod';

const CLOSED: MethodOptions = { authorizationType: AuthorizationType.IAM };
const OPEN: MethodOptions = { authorizationType: AuthorizationType.NONE };

/**
 * The API. All methods want IAM's signature, and a policy can name single jobs by their paths; but for two that nodes
 * call, which check a token of the node's own. A custom verb such as `jobs/j:cancel` is part of the path's last segment.
 */
export class BatchApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, props: BatchApiProps) {
    super(scope, 'BatchApi');
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const open = (path: string) => [path, NODE_RATE] as const;
    const reports = versions.map((version) => open(`/${version}${REPORT_PATH}/POST`));
    this.api = new RestApi(this, 'Api', {
      description: "Sluice: Google Cloud Batch's REST API",
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        ...CLIENT_RATE,
        methodOptions: Object.fromEntries([...reports, open('/v1/nodes:claim/POST')]),
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    const jobs = new LambdaIntegration(props.jobsApi, { allowTestInvoke: false });
    const report = new LambdaIntegration(props.stateReport, { allowTestInvoke: false });
    for (const version of versions) {
      // Spelled out down to the location, so that the open method stands beside closed ones, and nothing is open by a
      // fallback.
      const root = this.api.root.addResource(version);
      const locations = addPath(root, ['projects', '{project}', 'locations']);
      const location = locations.addResource('{location}');
      locations.addMethod('ANY', jobs, CLOSED);
      location.addMethod('ANY', jobs, CLOSED);
      location.addResource('{resource+}').addMethod('ANY', jobs, CLOSED);
      location.addResource('state:report').addMethod('POST', report, OPEN);
      if (version === 'v1') {
        const claim = new LambdaIntegration(props.claimNode, { allowTestInvoke: false });
        root.addResource('nodes:claim').addMethod('POST', claim, OPEN);
      }
    }
    if (props.accountLogRole) this.#setAccountLogRole();
  }

  #setAccountLogRole(): void {
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
      ],
    });
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.api.deploymentStage.node.addDependency(account);
  }
}

const versions = ['v1', 'v1alpha'] as const;
const REPORT_PATH = '/projects/{project}/locations/{location}/state:report';

function addPath(from: IResource, parts: readonly string[]): IResource {
  return parts.reduce((at, part) => at.addResource(part), from);
}

/** A line of the access log: who asked for what, and what came of it. No headers, for they hold tokens. */
const accessLogFields = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
};
