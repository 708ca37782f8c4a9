import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnAccount,
  EndpointType,
  type IResource,
  LambdaIntegration,
  type MethodOptions,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { speakStatus } from './api-errors.ts';
import { stageOptions } from './api-stage.ts';
import { deploymentName } from './deployment-name.ts';

export interface BatchApiProps {
  readonly jobsApi: LambdaFunction;
  readonly stateReport: LambdaFunction;
  readonly claimNode: LambdaFunction;
  /** Sets the account's role for API Gateway's logs; an account has one, so another stack may have done it. */
  readonly accountLogRole: boolean;
  /** Days that the access log is kept. */
  readonly logDays: RetentionDays;
  readonly isTraced: boolean;
}

export const STAGE = 'prod';

const CLOSED: MethodOptions = { authorizationType: AuthorizationType.IAM };
const OPEN: MethodOptions = { authorizationType: AuthorizationType.NONE };

/**
 * The API. All methods want IAM's signature, and a policy can name single jobs by their paths; but for two that nodes
 * call, which check a token of the node's own. A custom verb such as `jobs/j:cancel` is part of the path's last segment.
 */
export class BatchApi extends Construct {
  readonly api: RestApi;
  /** The account's role for logs, where it was set here: stages of other APIs wait for it too. */
  readonly logAccount: CfnAccount | undefined;

  constructor(scope: Construct, props: BatchApiProps) {
    super(scope, 'BatchApi');
    const reports = versions.map((version) => `/${version}${REPORT_PATH}/POST`);
    this.api = new RestApi(this, 'Api', {
      // Metrics go by it: the APIs of a deployment count as one, and apart from those of another.
      restApiName: deploymentName(this),
      description: "Sluice: Google Cloud Batch's REST API",
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: stageOptions(this, {
        stageName: STAGE,
        logDays: props.logDays,
        isTraced: props.isTraced,
        nodeCalls: [...reports, '/v1/nodes:claim/POST'],
      }),
    });
    speakStatus(this.api);
    const report = new LambdaIntegration(props.stateReport, { allowTestInvoke: false });
    for (const version of versions) {
      const root = this.api.root.addResource(version);
      const location = addClientMethods(root, props.jobsApi, CLOSED);
      location.addResource('state:report').addMethod('POST', report, OPEN);
      if (version === 'v1') {
        const claim = new LambdaIntegration(props.claimNode, { allowTestInvoke: false });
        root.addResource('nodes:claim').addMethod('POST', claim, OPEN);
      }
    }
    this.logAccount = props.accountLogRole ? this.#setAccountLogRole() : undefined;
  }

  #setAccountLogRole(): CfnAccount {
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
      ],
    });
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.api.deploymentStage.node.addDependency(account);
    return account;
  }
}

const versions = ['v1', 'v1alpha'] as const;
const REPORT_PATH = '/projects/{project}/locations/{location}/state:report';

/**
 * What clients call, below a version; returns the location. Spelled out down to the location, so that an open method can
 * stand beside closed ones, and nothing is open by a fallback.
 */
export function addClientMethods(root: IResource, jobsApi: LambdaFunction, how: MethodOptions): IResource {
  const jobs = new LambdaIntegration(jobsApi, { allowTestInvoke: false });
  const locations = ['projects', '{project}', 'locations'].reduce((at, part) => at.addResource(part), root);
  const location = locations.addResource('{location}');
  locations.addMethod('ANY', jobs, how);
  location.addMethod('ANY', jobs, how);
  location.addResource('{resource+}').addMethod('ANY', jobs, how);
  return location;
}
