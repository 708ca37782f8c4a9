import { Stack } from 'aws-cdk-lib';
import { AuthorizationType, EndpointType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IInterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import { speakStatus } from './api-errors.ts';
import { stageOptions } from './api-stage.ts';
import { STAGE } from './batch-api.ts';
import { deploymentName } from './deployment-name.ts';

export interface ReportApiProps {
  readonly stateReport: LambdaFunction;
  readonly claimNode: LambdaFunction;
  /** By which alone the API is reached. */
  readonly vpcEndpoint: IInterfaceVpcEndpoint;
  /** What the stage waits for: the account's role for logs. */
  readonly after: IDependable | undefined;
  readonly logDays: RetentionDays;
  readonly isTraced: boolean;
}

/** The calls of nodes below a stage, as ARNs have them. */
export const REPORT_API_CALLS = [
  '/POST/v1/nodes:claim',
  '/POST/v1/projects/*/locations/*/state:report',
] as const;

/**
 * The API for nodes that have no way out: the two calls that nodes make, and nothing that a client calls. It has no public
 * address. Both calls check a token of the node's own.
 */
export class ReportApi extends Construct {
  readonly api: RestApi;
  /** The base address, for nodes behind the endpoint. */
  readonly endpoint: string;

  constructor(scope: Construct, props: ReportApiProps) {
    super(scope, 'ReportApi');
    const { vpcEndpoint } = props;
    const claims = '/v1/nodes:claim';
    const reports = '/v1/projects/{project}/locations/{location}/state:report';
    this.api = new RestApi(this, 'Api', {
      // Metrics go by it: the APIs of a deployment count as one, and apart from those of another.
      restApiName: deploymentName(this),
      description: 'Sluice: reports of nodes without a way out',
      endpointConfiguration: { types: [EndpointType.PRIVATE], vpcEndpoints: [vpcEndpoint] },
      policy: onlyThrough(vpcEndpoint),
      cloudWatchRole: false,
      deployOptions: stageOptions(this, {
        stageName: STAGE,
        logDays: props.logDays,
        isTraced: props.isTraced,
        nodeCalls: [`${claims}/POST`, `${reports}/POST`],
      }),
    });
    speakStatus(this.api);
    for (const [path, handler] of [
      [claims, props.claimNode],
      [reports, props.stateReport],
    ] as const)
      this.api.root
        .resourceForPath(path)
        .addMethod('POST', new LambdaIntegration(handler, { allowTestInvoke: false }), {
          authorizationType: AuthorizationType.NONE,
        });
    if (props.after !== undefined) this.api.deploymentStage.node.addDependency(props.after);
    const { region, urlSuffix } = Stack.of(this);
    // An API that is associated with an endpoint has such a name in public DNS, for addresses of the VPC
    // (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html).
    const host = `${this.api.restApiId}-${vpcEndpoint.vpcEndpointId}.execute-api.${region}.${urlSuffix}`;
    this.endpoint = `https://${host}/${STAGE}/`;
  }
}

/** Whoever comes by this endpoint may make the calls, and nobody else. */
function onlyThrough(endpoint: IInterfaceVpcEndpoint): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['execute-api:Invoke'],
        resources: REPORT_API_CALLS.map((call) => `execute-api:/${STAGE}${call}`),
        conditions: { StringEquals: { 'aws:SourceVpce': endpoint.vpcEndpointId } },
      }),
    ],
  });
}
