import { describe, expect, it } from 'vitest';
import { stackUnderTest } from './stack-under-test.ts';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

/** Who may do what with the secrets that hold logins of registries, and with keys. */
function rightsOf(context: Record<string, unknown> = {}) {
  const { all } = stackUnderTest(context);
  const statements = all('AWS::IAM::Policy').flatMap(([id, { Properties: policy }]) =>
    (policy.PolicyDocument as { Statement: Statement[] }).Statement.map((statement) => ({
      who: /^(?:Functions|NodeCluster)?(\w+?)RoleDefaultPolicy/.exec(id)?.[1] ?? id,
      actions: [statement.Action].flat(),
      statement,
    })),
  );
  return { all, statements };
}

const LOGINS = ':secret:sluice-registry-logins/*';

describe('rights to secrets with logins of registries', () => {
  const { statements, all } = rightsOf();

  it('are to make them for the plan, to delete them for who ends jobs, and to read them for ECS alone', () => {
    const found = statements
      .filter(({ statement }) => JSON.stringify(statement.Resource).includes(LOGINS))
      .flatMap(({ who, actions }) =>
        actions.map((action) => `${who} ${action.replace('secretsmanager:', '')}`),
      );
    expect(found.sort()).toEqual([
      'Execution GetSecretValue',
      'FinishJob DeleteSecret',
      'GiveUpJob DeleteSecret',
      'PlanJob CreateSecret',
      'PlanJob DeleteSecret',
      'PlanJob PutSecretValue',
      'SweepJobs DeleteSecret',
    ]);
  });

  it('come with no other right to secrets by whose names these could be meant', () => {
    const others = statements.filter(
      ({ actions, statement }) =>
        actions.some((action) => action.startsWith('secretsmanager:')) &&
        !JSON.stringify(statement.Resource).includes(LOGINS),
    );
    for (const { who, actions, statement } of others)
      if (actions.join() !== 'secretsmanager:ListSecrets')
        expect(JSON.stringify(statement.Resource), who).toContain(':secret:sluice/*');
    expect(others.map(({ who, actions }) => `${who} ${actions}`)).toContain(
      'SweepJobs secretsmanager:ListSecrets',
    );
  });

  it('are for the same names that the functions are told', () => {
    const told = all('AWS::Lambda::Function').flatMap(([, { Properties: its }]) => {
      const { Variables: variables = {} } = (its.Environment ?? {}) as { Variables?: Record<string, string> };
      return variables.LOGIN_PREFIX === undefined ? [] : [variables];
    });
    expect(told.map(({ LOGIN_PREFIX: prefix }) => prefix)).toEqual(Array(4).fill('sluice-registry-logins/'));
    expect(told.flatMap(({ LOGIN_KEY: key }) => key ?? [])).toEqual(['']);
  });
});

describe("with a key of the account's own", () => {
  const { all, statements } = rightsOf({ ownKey: true });

  it('the plan encrypts by it, and ECS may decrypt these secrets and nothing else', () => {
    const [keyId] = all('AWS::KMS::Key').map(([id]) => id);
    const keyArn = { 'Fn::GetAtt': [keyId, 'Arn'] };
    const [plan] = all('AWS::Lambda::Function').filter(([id]) => id.startsWith('FunctionsPlanJob'));
    const environment = plan?.[1].Properties.Environment as { Variables: Record<string, unknown> };
    expect(environment.Variables.LOGIN_KEY).toEqual(keyArn);
    const ofPlan = statements.filter(
      ({ who, statement }) =>
        who === 'PlanJob' && JSON.stringify(statement.Resource) === JSON.stringify(keyArn),
    );
    expect(ofPlan.flatMap(({ actions }) => actions)).toEqual(
      expect.arrayContaining(['kms:GenerateDataKey*', 'kms:Decrypt']),
    );
    const ofEcs = statements.filter(
      ({ who, actions }) => who === 'Execution' && actions.some((action) => action.startsWith('kms:')),
    );
    expect(ofEcs.map(({ actions, statement }) => [actions, statement.Resource])).toEqual([
      [['kms:Decrypt'], keyArn],
    ]);
    const condition = JSON.stringify(ofEcs[0]?.statement.Condition);
    expect(condition).toMatch(/kms:ViaService.*secretsmanager/);
    expect(condition).toContain(LOGINS);
  });
});
