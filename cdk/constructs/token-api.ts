import { Duration, Stack } from 'aws-cdk-lib';
import { Stage as ApiStage, EndpointType, RestApi, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import { speakStatus } from './api-errors.ts';
import { stageOptions } from './api-stage.ts';
import { addClientMethods } from './batch-api.ts';
import { deploymentName } from './deployment-name.ts';

export interface TokenApiProps {
  readonly jobsApi: LambdaFunction;
  readonly authorizer: LambdaFunction;
  /** What the stages wait for: the account's role for logs. */
  readonly after: IDependable | undefined;
  readonly logDays: RetentionDays;
  readonly isTraced: boolean;
}

/** An answer about a token is kept for so long; a token that ends meanwhile works on until then. */
const KEPT = Duration.minutes(1);

/**
 * The API for clients with a bearer token in place of an IAM signature, Google's own clients among them. Those know a host
 * and no path before `/v1/`; so here the versions are the stages.
 */
export class TokenApi extends Construct {
  readonly api: RestApi;
  /** Without a version: `https://{id}.execute-api.{region}.amazonaws.com`. */
  readonly endpoint: string;

  constructor(scope: Construct, { jobsApi, authorizer, after, logDays, isTraced }: TokenApiProps) {
    super(scope, 'TokenApi');
    const options = stageOptions(this, { stageName: 'v1', logDays, isTraced });
    this.api = new RestApi(this, 'Api', {
      // Metrics go by it: the APIs of a deployment count as one, and apart from those of another.
      restApiName: deploymentName(this),
      description: "Sluice: Google Cloud Batch's REST API, for bearer tokens",
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: options,
    });
    speakStatus(this.api);
    const byToken = new TokenAuthorizer(this, 'Authorizer', {
      handler: authorizer,
      validationRegex: '^[Bb]earer [-0-9A-Za-z_]+\\.[-0-9A-Za-z_]+\\.[-0-9A-Za-z_]+$',
      resultsCacheTtl: KEPT,
    });
    addClientMethods(this.api.root, jobsApi, { authorizer: byToken });
    const alpha = new ApiStage(this, 'Alpha', {
      ...options,
      stageName: 'v1alpha',
      // biome-ignore lint/style/noNonNullAssertion: RestApi deploys itself unless it is told not to.
      deployment: this.api.latestDeployment!,
    });
    for (const stage of [this.api.deploymentStage, alpha]) if (after) stage.node.addDependency(after);
    // The permissions that integrations make for themselves are for the first stage.
    jobsApi.addPermission('AlphaOfTokenApi', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.api.arnForExecuteApi('*', '/*', 'v1alpha'),
    });
    const { region, urlSuffix } = Stack.of(this);
    this.endpoint = `https://${this.api.restApiId}.execute-api.${region}.${urlSuffix}`;
  }
}
