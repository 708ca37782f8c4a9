import { describe, expect, it } from 'vitest';
import { closedStackUnderTest, place, setting } from './closed-stack-under-test.ts';
import { stackUnderTest } from './stack-under-test.ts';

const { template, all, inClosed, nodes, endpointGroup } = closedStackUnderTest();
const [[vpc] = ['']] = inClosed('AWS::EC2::VPC');
const groupId = (id: string | undefined) => ({ 'Fn::GetAtt': [id, 'GroupId'] });
const executionRole = { 'Fn::GetAtt': [expect.stringMatching(/^NodeClusterExecutionRole/), 'Arn'] };

const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: expect.any(String) };

/** Whom nodes may speak to. A rule beside its group would leave in it the one that allows everything. */
function egressOf(context: object) {
  const { all: those } = stackUnderTest({ ...place, ...setting, ...context });
  expect(those('AWS::EC2::SecurityGroupEgress')).toEqual([]);
  return new Map(those('AWS::EC2::SecurityGroup')).get(nodes)?.Properties.SecurityGroupEgress;
}

interface Endpoint {
  readonly ServiceName: unknown;
  readonly VpcEndpointType: string;
  readonly PrivateDnsEnabled?: boolean;
  readonly SecurityGroupIds?: unknown;
  readonly RouteTableIds?: { Ref: string }[];
  readonly PolicyDocument: {
    Statement: { Action: string | string[]; Resource: unknown; Principal: object; Effect: string }[];
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
    for (const statement of statements)
      expect(statement).toMatchObject({ Effect: 'Allow', Principal: { AWS: executionRole } });
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
