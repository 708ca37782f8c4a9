import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  type InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type SecurityGroup,
  SubnetType,
  type Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { STAGE } from './batch-api.ts';
import { type NodeCluster, pullRights } from './node-cluster.ts';
import { REPORT_API_CALLS } from './report-api.ts';

/**
 * What the nodes of a closed network can reach, each bounded by a policy: ECR and the log by ECS alone, in the role that it starts
 * nodes in, so that programs cannot push data there with credentials that they bring; of S3 the layers of ECR's images; and the
 * two calls of a private API, whose endpoint is returned.
 */
export function addClosedEndpoints(
  scope: Construct,
  vpc: Vpc,
  securityGroup: SecurityGroup,
  { executionRole, logGroup }: NodeCluster,
): InterfaceVpcEndpoint {
  const stack = Stack.of(scope);
  const byEcs = (statement: PolicyStatement) => {
    statement.addArnPrincipal(executionRole.roleArn);
    return statement;
  };
  const reached = (id: string, service: InterfaceVpcEndpointAwsService, privateDnsEnabled = true) =>
    vpc.addInterfaceEndpoint(id, {
      service,
      subnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [securityGroup],
      // Whoever is in the VPC, beside nodes, is not let in.
      open: false,
      privateDnsEnabled,
    });
  const allow = (endpoint: InterfaceVpcEndpoint, statements: readonly PolicyStatement[]) => {
    for (const statement of statements) endpoint.addToPolicy(statement);
    return endpoint;
  };
  for (const [id, service] of [
    ['EcrApi', InterfaceVpcEndpointAwsService.ECR],
    ['EcrImages', InterfaceVpcEndpointAwsService.ECR_DOCKER],
  ] as const)
    allow(reached(id, service), pullRights(stack).map(byEcs));
  allow(reached('Log', InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS), [
    byEcs(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    ),
  ]);
  const layers = vpc.addGatewayEndpoint('Layers', { service: GatewayVpcEndpointAwsService.S3 });
  layers.addToPolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject'],
      // Where ECR keeps layers (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html).
      resources: [
        stack.formatArn({
          service: 's3',
          region: '',
          account: '',
          resource: `prod-${stack.region}-starport-layer-bucket`,
          resourceName: '*',
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
    }),
  );
  // Its names are those of the API and the endpoint together, which need no private DNS. The API names this endpoint, so the
  // endpoint's policy cannot name the API.
  return allow(reached('Api', InterfaceVpcEndpointAwsService.APIGATEWAY, false), [
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['execute-api:Invoke'],
      resources: REPORT_API_CALLS.map((call) =>
        stack.formatArn({ service: 'execute-api', resource: '*', resourceName: `${STAGE}${call}` }),
      ),
    }),
  ]);
}
