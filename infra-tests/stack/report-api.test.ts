import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { settingsInContext } from '../../cdk/settings.ts';
import { SluiceStack } from '../../cdk/sluice-stack.ts';
import { closedStackUnderTest, place, setting } from './closed-stack-under-test.ts';
import { bundles, stackUnderTest } from './stack-under-test.ts';

const { template, all, inClosed, nodes } = closedStackUnderTest();
const plain = stackUnderTest(place);

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
      image: setting.closedNodeImage,
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
  const context = { ...place, ...setting, region: 'eu-west-2' };
  const app = new App({ context });
  expect(() => new SluiceStack(app, settingsInContext(app.node), bundles)).toThrow(
    'closedNodeImage must be in 123456789012.dkr.ecr.eu-west-2.',
  );
});
