import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { settingsInContext } from '../../cdk/settings.ts';
import { SluiceStack } from '../../cdk/sluice-stack.ts';
import { bundles, stackUnderTest } from './stack-under-test.ts';

const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/node:24';
const place = { account: '123456789012', region: 'eu-west-1' };
const setting = { closedNetwork: true, closedNodeImage: IMAGE };
const { template, all } = stackUnderTest({ ...place, ...setting });
const plain = stackUnderTest(place);

const inClosed = (type: string) => all(type).filter(([id]) => id.startsWith('ClosedNodeNetwork'));
const [[vpc] = ['']] = inClosed('AWS::EC2::VPC');
const [nodes, endpointGroup] = ['Nodes', 'Endpoints'].map(
  (name) =>
    inClosed('AWS::EC2::SecurityGroup').find(([id]) => id.startsWith(`ClosedNodeNetwork${name}`))?.[0],
);
const groupId = (id: string | undefined) => ({ 'Fn::GetAtt': [id, 'GroupId'] });
const executionRole = { 'Fn::GetAtt': [expect.stringMatching(/^NodeClusterExecutionRole/), 'Arn'] };

const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: expect.any(String) };

/** Whom nodes may speak to. A rule beside its group would leave in it the one that allows everything. */
function egressOf(context: object) {
  const { all: those } = stackUnderTest({ ...place, ...setting, ...context });
  expect(those('AWS::EC2::SecurityGroupEgress')).toEqual([]);
  return new Map(those('AWS::EC2::SecurityGroup')).get(nodes ?? '')?.Properties.SecurityGroupEgress;
}

interface Endpoint {
  readonly ServiceName: unknown;
  readonly VpcEndpointType: string;
  readonly PrivateDnsEnabled?: boolean;
  readonly SecurityGroupIds?: unknown;
  readonly RouteTableIds?: { Ref: string }[];
  readonly PolicyDocument: {
    Statement: { Action: string | string[]; Resource: unknown; Condition?: object; Effect: string }[];
  };
}
const endpoints = new Map(
  all('AWS::EC2::VPCEndpoint').map(([, { Properties }]) => {
    const endpoint = Properties as unknown as Endpoint;
    return [
      /([a-z0-9.-]+?)"?[\]}]*$/
        .exec(JSON.stringify(endpoint.ServiceName))?.[1]
        ?.replace(/^.*eu-west-1\.|^\./, ''),
      endpoint,
    ] as const;
  }),
);

describe('a closed network', () => {
  it('is a VPC of its own without a gateway to anywhere, and none of its subnets has a route', () => {
    for (const [, { Properties }] of all('AWS::EC2::VPCGatewayAttachment'))
      expect(Properties.VpcId).not.toEqual({ Ref: vpc });
    expect(all('AWS::EC2::NatGateway')).toEqual([]);
    const tables = inClosed('AWS::EC2::RouteTable').map(([id]) => id);
    const subnets = inClosed('AWS::EC2::Subnet');
    expect(tables).toHaveLength(subnets.length);
    for (const [, { Properties: route }] of all('AWS::EC2::Route'))
      expect(tables).not.toContain((route.RouteTableId as { Ref: string }).Ref);
    for (const [, { Properties: subnet }] of subnets)
      expect(subnet).toMatchObject({ VpcId: { Ref: vpc }, MapPublicIpOnLaunch: false });
  });

  it('lets nodes speak to endpoints and to S3 by TLS, and lets nobody in', () => {
    expect(
      inClosed('AWS::EC2::SecurityGroup').flatMap(
        ([, { Properties }]) => Properties.SecurityGroupIngress ?? [],
      ),
    ).toEqual([]);
    expect(all('AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        GroupId: groupId(endpointGroup),
        SourceSecurityGroupId: groupId(nodes),
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
      }),
    ]);
    expect(egressOf({})).toEqual([
      { ...https, DestinationSecurityGroupId: groupId(endpointGroup) },
      // Whose routes lead to S3 alone.
      { ...https, CidrIp: '0.0.0.0/0' },
    ]);
  });

  it('lets them speak to the addresses of S3 alone, where its prefix list is known', () => {
    expect(egressOf({ closedS3PrefixList: 'pl-0a1b2c3d' })).toEqual([
      { ...https, DestinationSecurityGroupId: groupId(endpointGroup) },
      { ...https, DestinationPrefixListId: 'pl-0a1b2c3d' },
    ]);
  });

  it('has endpoints of what a node needs, and of nothing else', () => {
    expect([...endpoints.keys()].sort()).toEqual(['ecr.api', 'ecr.dkr', 'execute-api', 'logs', 's3']);
    for (const [name, endpoint] of endpoints) {
      if (name === 's3') continue;
      expect(endpoint).toMatchObject({
        VpcEndpointType: 'Interface',
        VpcId: { Ref: vpc },
        SecurityGroupIds: [groupId(endpointGroup)],
        // The names of APIs stay what they are: each has one of its own with the endpoint.
        PrivateDnsEnabled: name !== 'execute-api',
      });
    }
    const tables = inClosed('AWS::EC2::RouteTable').map(([Ref]) => ({ Ref }));
    expect(endpoints.get('s3')).toMatchObject({ VpcEndpointType: 'Gateway', RouteTableIds: tables });
  });

  it.each([
    [
      'ecr.api',
      [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetAuthorizationToken',
        'ecr:GetDownloadUrlForLayer',
      ],
    ],
    [
      'ecr.dkr',
      [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetAuthorizationToken',
        'ecr:GetDownloadUrlForLayer',
      ],
    ],
    ['logs', ['logs:CreateLogStream', 'logs:PutLogEvents']],
  ])('lets %s be used by what ECS starts nodes with, and by no program', (name, actions) => {
    const statements = endpoints.get(name)?.PolicyDocument.Statement ?? [];
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual(actions);
    for (const { Condition: condition, Effect: effect } of statements) {
      expect(effect).toBe('Allow');
      expect(condition).toEqual({ ArnEquals: { 'aws:PrincipalArn': executionRole } });
    }
  });

  it('lets nodes read of S3 what ECR keeps there, and of APIs make their two calls', () => {
    const of = (name: string) => JSON.stringify(endpoints.get(name)?.PolicyDocument.Statement);
    expect(of('s3')).toContain('"Action":"s3:GetObject"');
    expect(of('s3')).toContain(':s3:::prod-eu-west-1-starport-layer-bucket/*"');
    const api = endpoints.get('execute-api')?.PolicyDocument.Statement ?? [];
    expect(api).toHaveLength(1);
    expect(JSON.stringify(api[0]?.Resource).match(/:\*\/prod\/[^"]+/g)).toEqual([
      ':*/prod/POST/v1/nodes:claim',
      ':*/prod/POST/v1/projects/*/locations/*/state:report',
    ]);
  });

  it('has no names looked up but those of AWS', () => {
    const lists = all('AWS::Route53Resolver::FirewallDomainList');
    const domainsOf = (id: { 'Fn::GetAtt': string[] }) =>
      JSON.stringify(new Map(lists).get(id['Fn::GetAtt'][0] ?? '')?.Properties.Domains);
    const [[group, rules] = ['', undefined]] = all('AWS::Route53Resolver::FirewallRuleGroup');
    const ordered = rules?.Properties.FirewallRules as {
      Action: string;
      FirewallDomainListId: { 'Fn::GetAtt': string[] };
      Priority: number;
    }[];
    expect(
      ordered.map(({ Action, Priority, FirewallDomainListId: list }) => [Priority, Action, domainsOf(list)]),
    ).toEqual([
      [1, 'ALLOW', expect.stringMatching(/"\*\.".*AWS::URLSuffix/)],
      [2, 'BLOCK', '["*"]'],
    ]);
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroupAssociation', {
      VpcId: { Ref: vpc },
      FirewallRuleGroupId: { 'Fn::GetAtt': [group, 'Id'] },
    });
  });
});

describe('the API of closed nodes', () => {
  const [[api, privateApi] = ['', undefined]] = all('AWS::ApiGateway::RestApi').filter(([id]) =>
    id.startsWith('ReportApi'),
  );
  const vpce = { Ref: expect.stringMatching(/^ClosedNodeNetworkVpcApi/) };

  it('is private, reached by one endpoint alone', () => {
    expect(privateApi?.Properties.EndpointConfiguration).toEqual({
      Types: ['PRIVATE'],
      VpcEndpointIds: [vpce],
    });
    const policy = privateApi?.Properties.Policy as { Statement: object[] } | undefined;
    expect(policy?.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'execute-api:Invoke',
        Resource: [
          'execute-api:/prod/POST/v1/nodes:claim',
          'execute-api:/prod/POST/v1/projects/*/locations/*/state:report',
        ],
        Condition: { StringEquals: { 'aws:SourceVpce': vpce } },
      },
    ]);
  });

  it('has the two calls of nodes, to the functions of the other API', () => {
    const methods = all('AWS::ApiGateway::Method').filter(
      ([, { Properties }]) => (Properties.RestApiId as { Ref: string }).Ref === api,
    );
    const told = methods.map(([, { Properties: method }]) => [
      method.HttpMethod,
      JSON.stringify(method.Integration).match(/Functions([A-Z][A-Za-z]+?)Function[0-9A-F]{8}/)?.[1],
    ]);
    expect(told.sort()).toEqual([
      ['POST', 'ClaimNode'],
      ['POST', 'StateReport'],
    ]);
  });

  it('is what plans of closed groups name, with their image and subnets', () => {
    const planner = all('AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties.FunctionName === 'sluice-plan-job',
    )?.[1].Properties.Environment as { Variables: { NODE_REGION: { 'Fn::Join': [string, unknown[]] } } };
    const [, parts] = planner.Variables.NODE_REGION['Fn::Join'];
    const nameOf = (part: object) => {
      const [value] = Object.values(part) as [string | [string, string]];
      return value === 'AWS::URLSuffix' ? 'amazonaws.com' : [value].flat()[0];
    };
    const region = JSON.parse(
      parts.map((part) => (typeof part === 'string' ? part : nameOf(part as object))).join(''),
    );
    expect(region.closed).toMatchObject({
      securityGroups: [nodes],
      registries: ['123456789012.dkr.ecr.eu-west-1.amazonaws.com'],
      image: IMAGE,
      endpoint: expect.stringMatching(
        /^https:\/\/ReportApi\w+-ClosedNodeNetworkVpcApi\w+\.execute-api\.eu-west-1\.amazonaws\.com\/prod\/$/,
      ),
    });
    expect(region.closed.subnets.map(({ id, way }: { id: string; way: string }) => [id, way])).toEqual(
      inClosed('AWS::EC2::Subnet').map(([id]) => [id, 'CLOSED']),
    );
    expect(region.securityGroups).not.toContain(nodes);
  });
});

describe('without the setting', () => {
  it('there is nothing of it, and all else is as it was', () => {
    const names = new Set(plain.all('AWS::EC2::VPCEndpoint').map(([id]) => id));
    expect(names.size).toBe(0);
    const own = template.toJSON().Resources as Record<string, object>;
    const others = Object.fromEntries(
      Object.entries(own).filter(([id]) => !/^(ClosedNodeNetwork|ReportApi)/.test(id)),
    );
    const withoutPlaces = (resources: Record<string, object>) =>
      JSON.parse(JSON.stringify(resources, (key, value) => (key === 'NODE_REGION' ? undefined : value)));
    expect(withoutPlaces(others)).toEqual(withoutPlaces(plain.template.toJSON().Resources));
  });
});

it('an image of another region or account is refused, when these are known', () => {
  const context = { ...place, region: 'eu-west-2', closedNetwork: true, closedNodeImage: IMAGE };
  const app = new App({ context });
  expect(() => new SluiceStack(app, settingsInContext(app.node), bundles)).toThrow(
    'closedNodeImage must be in 123456789012.dkr.ecr.eu-west-2.',
  );
});
