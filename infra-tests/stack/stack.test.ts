import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { bundleText } from '../../cdk/build/bundle-functions.ts';
import { environments, type FunctionName, optionalFunctions } from '../../functions/lambda/environment.ts';
import { tableDefinition, timeToLiveDefinition } from '../../shared/aws/table-definition.ts';
import { stackUnderTest } from './stack-under-test.ts';

const { template, all, only } = stackUnderTest();
const names = (Object.keys(environments) as FunctionName[]).filter(
  (name) => !(optionalFunctions as readonly string[]).includes(name),
);

describe('the table', () => {
  it('has the form that the store works on', () => {
    const table = only('AWS::DynamoDB::Table');
    const wanted = tableDefinition('');
    expect(table).toMatchObject({
      BillingMode: wanted.BillingMode,
      KeySchema: wanted.KeySchema,
      StreamSpecification: { StreamViewType: wanted.StreamSpecification?.StreamViewType },
      TimeToLiveSpecification: timeToLiveDefinition('').TimeToLiveSpecification,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(table.AttributeDefinitions).toHaveLength(wanted.AttributeDefinitions?.length ?? 0);
    expect(table.AttributeDefinitions).toEqual(expect.arrayContaining(wanted.AttributeDefinitions ?? []));
    expect(table.GlobalSecondaryIndexes).toEqual(wanted.GlobalSecondaryIndexes);
  });

  it('stays when the stack goes, unless that is asked for', () => {
    expect(all('AWS::DynamoDB::Table')[0]?.[1].DeletionPolicy).toBe('Retain');
  });
});

describe('functions', () => {
  const functions = all('AWS::Lambda::Function');

  it('are those that have an environment, and no other', () => {
    expect(functions.map(([, { Properties }]) => Properties.FunctionName).sort()).toEqual(
      names.map((name) => `sluice-${name}`).sort(),
    );
  });

  it.each(names)(
    '%s runs on Node.js 24 and arm64 with exactly the environment that its handler reads',
    (name) => {
      const properties = functions.find(([, f]) => f.Properties.FunctionName === `sluice-${name}`)?.[1]
        .Properties;
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      const { Variables: variables } = (properties?.Environment ?? { Variables: {} }) as {
        Variables: Record<string, unknown>;
      };
      expect(Object.keys(variables).sort()).toEqual(Object.keys(environments[name].shape).sort());
    },
  );
});

describe('the API', () => {
  const resources = new Map(all('AWS::ApiGateway::Resource'));
  const pathOf = (id: string | undefined): string => {
    const resource = id === undefined ? undefined : resources.get(id)?.Properties;
    if (resource === undefined) return '';
    return `${pathOf((resource.ParentId as { Ref?: string }).Ref)}/${String(resource.PathPart)}`;
  };
  const methods = all('AWS::ApiGateway::Method').map(([, { Properties: method }]) => ({
    call: `${String(method.HttpMethod)} ${pathOf((method.ResourceId as { Ref?: string }).Ref)}`,
    authorization: method.AuthorizationType,
    to: JSON.stringify(method.Integration).match(/Functions([A-Z][A-Za-z]+?)Function[0-9A-F]{8}/)?.[1],
  }));
  const LOCATION = 'projects/{project}/locations/{location}';

  it('wants a signature for all but the two calls of nodes', () => {
    const open = methods.filter(({ authorization }) => authorization !== 'AWS_IAM');
    expect(open.map(({ call, to }) => `${call} ${to}`).sort()).toEqual([
      'POST /v1/nodes:claim ClaimNode',
      `POST /v1/${LOCATION}/state:report StateReport`,
      `POST /v1alpha/${LOCATION}/state:report StateReport`,
    ]);
    expect(open.every(({ authorization }) => authorization === 'NONE')).toBe(true);
  });

  it('hands all else, custom verbs among it, to jobs-api', () => {
    const closed = methods.filter(({ authorization }) => authorization === 'AWS_IAM');
    expect(new Set(closed.map(({ to }) => to))).toEqual(new Set(['JobsApi']));
    for (const version of ['v1', 'v1alpha']) {
      expect(closed.map(({ call }) => call)).toEqual(
        expect.arrayContaining([
          `ANY /${version}/projects/{project}/locations`,
          `ANY /${version}/${LOCATION}`,
          `ANY /${version}/${LOCATION}/{resource+}`,
        ]),
      );
    }
  });

  it('is throttled, and logs who asked for what without a header', () => {
    const stage = only('AWS::ApiGateway::Stage');
    const settings = stage.MethodSettings as Record<string, unknown>[];
    for (const setting of settings) {
      expect(setting.ThrottlingRateLimit).toBeGreaterThan(0);
      expect(setting.ThrottlingBurstLimit).toBeGreaterThan(0);
    }
    expect(settings.map(({ ResourcePath: path }) => path)).toContain(
      '/~1v1~1projects~1{project}~1locations~1{location}~1state:report',
    );
    const { Format: format } = stage.AccessLogSetting as { Format: string };
    expect(format).not.toMatch(/header|authorization/i);
  });
});

describe('the change feed', () => {
  it('reaches advance-jobs by key, halves bad batches and puts aside what cannot be taken', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 30,
      MaximumBatchingWindowInSeconds: 1,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      FilterCriteria: {
        Filters: [
          { Keys: { pk: { S: [{ prefix: 'J#' }] } } },
          { Keys: { pk: { S: [{ prefix: 'S#' }] } }, NewImage: { signal: { S: ['group'] } } },
          { Keys: { pk: { S: [{ prefix: 'W#' }] } } },
        ].map((dynamodb) => ({ Pattern: JSON.stringify({ dynamodb }) })),
      },
    });
  });

  it('has an alarm for each queue of dead letters', () => {
    const queues = all('AWS::SQS::Queue').map(([id]) => id);
    const watched = all('AWS::CloudWatch::Alarm').map(([, alarm]) =>
      JSON.stringify(alarm.Properties.Dimensions),
    );
    expect(queues).toHaveLength(5);
    for (const queue of queues) expect(watched.some((dimensions) => dimensions.includes(queue))).toBe(true);
  });
});

describe('the watch over runs', () => {
  it('gives up the job of an execution that died, and sweeps once a minute', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: Match.anyValue() },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
  });
});

describe('the network of nodes', () => {
  it('has no NAT gateway and lets nobody in', () => {
    expect(all('AWS::EC2::NatGateway')).toEqual([]);
    expect(all('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    for (const [, group] of all('AWS::EC2::SecurityGroup'))
      expect(group.Properties.SecurityGroupIngress).toBeUndefined();
  });
});

describe('nodes', () => {
  const planner = all('AWS::Lambda::Function').find(
    ([, { Properties }]) => Properties.FunctionName === 'sluice-plan-job',
  )?.[1].Properties.Environment as { Variables: Record<string, { 'Fn::GetAtt'?: string[] }> };
  const roleOf = (variable: string) => planner.Variables[variable]?.['Fn::GetAtt']?.[0] ?? '';

  it('have no rights: their task role has no policy', () => {
    expect(roleOf('TASK_ROLE_ARN')).toMatch(/TaskRole/);
    const policies = JSON.stringify(all('AWS::IAM::Policy').map(([, { Properties }]) => Properties.Roles));
    expect(policies).not.toContain(roleOf('TASK_ROLE_ARN'));
    const role = all('AWS::IAM::Role').find(([id]) => id === roleOf('TASK_ROLE_ARN'))?.[1].Properties;
    expect([role?.ManagedPolicyArns, role?.Policies]).toEqual([undefined, undefined]);
  });

  it('are started with the right to pull images and to write their log, and no other', () => {
    const actions = all('AWS::IAM::Policy')
      .filter(([, { Properties }]) => JSON.stringify(Properties.Roles).includes(roleOf('EXECUTION_ROLE_ARN')))
      .flatMap(
        ([, { Properties }]) => (Properties.PolicyDocument as { Statement: { Action: string }[] }).Statement,
      )
      .flatMap(({ Action: action }) => action);
    expect(actions.sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
  });

  it('are made of what plan-job registers: the stack has no task definition, and a short program for them', () => {
    expect(all('AWS::ECS::TaskDefinition')).toEqual([]);
    expect(planner.Variables.NODE_IMAGE).toBe('node:24-slim');
    expect(bundleText('cdk/node/bootstrap.ts').length).toBeLessThan(8192);
  });

  it('can be on Spot', () => {
    template.hasResourceProperties('AWS::ECS::Cluster', { CapacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  });

  it('run only task definitions of this deployment, in roles of this deployment', () => {
    const statements = all('AWS::IAM::Policy').flatMap(
      ([, { Properties }]) =>
        (Properties.PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] }).Statement,
    );
    const resourcesOf = (action: string) =>
      statements
        .filter(({ Action: actions }) => [actions].flat().includes(action))
        .map(({ Resource }) => Resource);
    for (const action of ['ecs:RunTask', 'ecs:RegisterTaskDefinition']) {
      expect(resourcesOf(action)).toHaveLength(1);
      expect(JSON.stringify(resourcesOf(action))).toContain(':task-definition/sluice-node-*:*"');
    }
    const passed = JSON.stringify(resourcesOf('iam:PassRole'));
    expect(passed.match(/NodeCluster\w+Role/g)).toHaveLength(4);
    expect(passed).not.toContain('*');
  });
});

it('tells where it is', () => {
  expect(Object.keys(template.findOutputs('*'))).toEqual(
    expect.arrayContaining(['Endpoint', 'ApiId', 'TableName', 'StateMachine', 'NodeLog']),
  );
});
