import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { acknowledgedRules } from '../../cdk/acknowledged-rules.ts';
import { stackUnderTest } from './stack-under-test.ts';

const { all } = stackUnderTest();

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const statements = all('AWS::IAM::Policy').flatMap(([id, { Properties: policy }]) =>
  (policy.PolicyDocument as { Statement: Statement[] }).Statement.map((statement) => ({ id, statement })),
);

describe('rights', () => {
  it('name every action', () => {
    for (const { id, statement } of statements)
      expect([statement.Action].flat().join(), id).not.toContain('*');
  });

  it('are for named resources, but where AWS knows none', () => {
    const anything = statements.filter(({ statement }) => [statement.Resource].flat().includes('*'));
    expect(new Set(anything.flatMap(({ statement }) => statement.Action))).toEqual(
      new Set([
        'dynamodb:ListStreams',
        'ecr:GetAuthorizationToken',
        'ecs:DeregisterTaskDefinition',
        'ecs:DescribeTaskDefinition',
        'states:SendTaskSuccess',
        'secretsmanager:ListSecrets',
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ]),
    );
  });

  const commit = [
    'dynamodb:BatchGetItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
  ];
  it.each([
    ['StateReport', commit],
    ['ListSeats', commit],
  ])('of %s are the table, its own log and nothing else', (name, actions) => {
    const mine = statements.filter(({ id }) => id.startsWith(`Functions${name}Role`));
    expect(mine.flatMap(({ statement }) => statement.Action).sort()).toEqual(
      [...actions, 'logs:CreateLogStream', 'logs:PutLogEvents'].sort(),
    );
  });

  it('of functions come from no policy that AWS writes', () => {
    for (const [id, role] of all('AWS::IAM::Role'))
      if (id.startsWith('Functions')) expect(role.Properties.ManagedPolicyArns, id).toBeUndefined();
  });
});

describe.each([
  {},
  { traceCalls: true },
  { account: '123456789012', region: 'eu-west-1' },
  {
    jwtIssuer: 'https://issuer.example',
    jwtAudience: 'sluice',
    jwtFullAccess: 'scope=sluice.write',
  },
  {
    traceCalls: true,
    jwtIssuer: 'https://issuer.example',
    jwtAudience: 'sluice',
    jwtFullAccess: 'scope=sluice.write',
  },
  { closedNetwork: true, closedNodeImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/node:24' },
])("cdk-nag's rules for solutions, deployed to %j", (place) => {
  const { stack: placed } = stackUnderTest(place);
  const found = new AwsSolutionsChecks(placed)
    .validateScope(placed)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ ruleName, constructPath })),
    );
  const acknowledged = acknowledgedRules(placed.sluice).flatMap(({ at, rules, reason }) =>
    rules.map((rule) => ({ ruleName: `AwsSolutions-${rule}`, at: `Sluice/Default/${at}/`, reason })),
  );
  const isFor = (one: (typeof acknowledged)[number], { ruleName, constructPath }: (typeof found)[number]) =>
    one.ruleName === ruleName && `${constructPath}/`.startsWith(one.at);

  it('hold, but for those that are acknowledged where they do not', () => {
    expect(found.filter((violation) => !acknowledged.some((one) => isFor(one, violation)))).toEqual([]);
  });

  it.each(acknowledged)('$ruleName at $at is acknowledged for a reason, and does not hold', (one) => {
    expect(one.reason.length).toBeGreaterThan(20);
    expect(found.some((violation) => isFor(one, violation))).toBe(true);
  });
});
