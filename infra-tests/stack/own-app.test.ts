import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, it } from 'vitest';
import { Sluice, type SluiceProps } from '../../cdk/index.ts';
import { locationsOf } from '../../shared/core/fargate/node-places.ts';
import { bundles, stackUnderTest } from './stack-under-test.ts';

const VPC = 'vpc-0123456789abcdef0';
const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];

function inOwnApp(make: (stack: Stack) => SluiceProps, ids: readonly string[] = ['Batch']): Template {
  const stack = new Stack(new App(), 'Mine');
  for (const id of ids) new Sluice(stack, id, { bundles, ...make(stack), name: id.toLowerCase() });
  return Template.fromStack(stack);
}

/** The subnets that jobs can be planned into. */
const subnetsOf = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => JSON.stringify(Properties.Environment?.Variables?.NODE_REGION ?? ''))
    .find((region) => region.length > 2)
    ?.replaceAll('\\"', '"') ?? '';

describe('the construct in an app of its own', () => {
  it('takes typed props, and makes what the stack makes', () => {
    const template = inOwnApp(() => ({ maxNodes: 9 }));
    const types = (of: Template) =>
      Object.values(of.toJSON().Resources as Record<string, { Type: string }>)
        .map(({ Type }) => Type)
        .sort();
    expect(types(template)).toEqual(types(stackUnderTest().template));
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'batch-jobs-api',
      Environment: { Variables: Match.objectLike({ MAX_NODES: '9' }) },
    });
  });

  it('stands twice in a stack under two names', () => {
    const template = inOwnApp(() => ({}), ['One', 'Two']);
    template.resourceCountIs('AWS::DynamoDB::Table', 2);
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: 'one-nodes' });
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: 'two-nodes' });
  });

  it("runs nodes in the app's own VPC, in private subnets and without public addresses", () => {
    const template = inOwnApp((stack) => ({ vpc: new Vpc(stack, 'Shared', { maxAzs: 2 }) as IVpc }));
    template.resourceCountIs('AWS::EC2::VPC', 1);
    expect(subnetsOf(template)).toContain('SharedPrivateSubnet1');
    expect(subnetsOf(template)).not.toContain('"way":"PUBLIC"');
  });

  it('refuses settings by name', () => {
    expect(() => inOwnApp(() => ({ maxNodes: 0 }))).toThrow('maxNodes must be a whole number');
  });
});

describe('the settings of a stack', () => {
  it('put nodes into subnets that are there already', () => {
    const { template, all } = stackUnderTest({ vpcId: VPC, subnetIds: SUBNETS.join() });
    expect(all('AWS::EC2::VPC')).toEqual([]);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: VPC });
    for (const id of SUBNETS) expect(subnetsOf(template)).toContain(`{"id":"${id}","way":"PRIVATE"}`);
  });

  it('make a VPC of its own for a closed network, also beside one that is there already', () => {
    const { all } = stackUnderTest({
      vpcId: VPC,
      subnetIds: SUBNETS.join(),
      closedNetwork: true,
      closedNodeImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/node:24',
    });
    const [[vpc] = ['']] = all('AWS::EC2::VPC');
    expect(all('AWS::EC2::VPC')).toHaveLength(1);
    for (const [id, { Properties }] of [...all('AWS::EC2::VPCEndpoint'), ...all('AWS::EC2::Subnet')])
      expect(Properties.VpcId, id).toEqual({ Ref: vpc });
  });

  it('say the zones of subnets, and which of them lead out without a public address', () => {
    const [open, inner] = SUBNETS;
    const { template } = stackUnderTest({
      vpcId: VPC,
      publicIp: true,
      subnetIds: `${open}=us-east-1a`,
      privateSubnetIds: inner,
    });
    expect(subnetsOf(template)).toContain(`{"id":"${open}","way":"PUBLIC","zone":"us-east-1a"}`);
    expect(subnetsOf(template)).toContain(`{"id":"${inner}","way":"PRIVATE"}`);
  });

  it('give a new VPC a NAT gateway and private subnets when that is asked for', () => {
    const { template, all } = stackUnderTest({ natGateway: true });
    expect(all('AWS::EC2::NatGateway')).toHaveLength(1);
    expect(all('AWS::EC2::Subnet')).toHaveLength(4);
    expect(subnetsOf(template).match(/"way":"PRIVATE"/g)).toHaveLength(2);
  });

  it('bound nodes by vCPUs too, and keep jobs and logs for as long as is said', () => {
    const { template, all } = stackUnderTest({
      maxNodes: 100,
      maxVcpus: 30,
      retentionDays: 7,
      logRetentionDays: 365,
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'sluice-sweep-jobs',
      Environment: { Variables: Match.objectLike({ MAX_NODES: '100', MAX_VCPU: '30', RETENTION_DAYS: '7' }) },
    });
    for (const [id, log] of all('AWS::Logs::LogGroup')) expect(log.Properties.RetentionInDays, id).toBe(365);
  });

  it('tell an address of every alarm', () => {
    const { template, all } = stackUnderTest({ alarmEmail: 'me@example.org' });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'me@example.org',
    });
    expect(all('AWS::CloudWatch::Alarm').length).toBeGreaterThan(3);
    for (const [id, alarm] of all('AWS::CloudWatch::Alarm'))
      expect(JSON.stringify(alarm.Properties.AlarmActions), id).toContain('AlarmsTopic');
  });

  it('name the account and the region that it goes to', () => {
    const { stack } = stackUnderTest({ account: '123456789012', region: 'eu-west-1' });
    expect([stack.account, stack.region]).toEqual(['123456789012', 'eu-west-1']);
  });

  it('name the locations that clients see: aliases of the region, and not those of its zones', () => {
    const { all } = stackUnderTest({ locationAliases: 'us-central1,us-central1-a=us-east-1a' });
    const variables = all('AWS::Lambda::Function')
      .map(([, { Properties }]) => Properties)
      .find(({ FunctionName: name }) => name === 'sluice-jobs-api')?.Environment as {
      Variables: { NODE_REGION: { 'Fn::Join': [string, unknown[]] } };
    };
    const [, parts] = variables.Variables.NODE_REGION['Fn::Join'];
    const region = parts.map((part) => (typeof part === 'string' ? part : 'us-east-1')).join('');
    expect(locationsOf(JSON.parse(region))).toEqual(['us-east-1', 'us-central1']);
  });
});
