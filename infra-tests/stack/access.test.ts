import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { Sluice } from '../../cdk/index.ts';
import { bundles, stackUnderTest } from './stack-under-test.ts';

/** The execute-api paths of a statement, after the API's id. */
function pathsIn(statement: { Resource: unknown }): string[] {
  return [statement.Resource]
    .flat()
    .map((resource) => JSON.stringify(resource).match(/(\/prod\/[^"]*)/)?.[1] ?? '');
}

/** Whether IAM's `*` in one of the patterns covers a path. */
function covers(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) =>
    new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(path),
  );
}

const JOBS = '/v1/projects/p/locations/us-central1/jobs';

describe('managed policies', () => {
  const { template, all } = stackUnderTest();
  const policy = (name: string) => {
    const found = all('AWS::IAM::ManagedPolicy').find(([, { Properties }]) =>
      JSON.stringify(Properties.ManagedPolicyName).includes(name),
    )?.[1].Properties.PolicyDocument as { Statement: [{ Action: string; Resource: unknown }] };
    return found.Statement[0];
  };

  it('let somebody call the one API, and nothing else', () => {
    for (const name of ['full-access', 'read-only']) expect(policy(name).Action).toBe('execute-api:Invoke');
    expect(covers(pathsIn(policy('full-access')), `/prod/DELETE${JOBS}/j`)).toBe(true);
    expect(covers(pathsIn(policy('read-only')), `/prod/GET${JOBS}/j/logEntries`)).toBe(true);
    expect(covers(pathsIn(policy('read-only')), `/prod/POST${JOBS}/j:cancel`)).toBe(false);
  });

  it('are told as outputs', () => {
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['FullAccessPolicy', 'ReadOnlyPolicy']),
    );
  });
});

describe('access to one job', () => {
  const stack = new Stack(new App(), 'Mine');
  const sluice = new Sluice(stack, 'Batch', { bundles });
  const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal('123456789012') });
  sluice.access.grant(role, { to: 'full', project: 'p', location: 'us-central1', jobId: 'j' });
  const [found] = Object.values(
    Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Role') }] },
    }),
  );
  const patterns = pathsIn(found?.Properties.PolicyDocument.Statement[0]);

  it.each([
    `/prod/GET${JOBS}/j`,
    `/prod/DELETE${JOBS}/j`,
    `/prod/POST${JOBS}/j:cancel`,
    `/prod/POST${JOBS}/j%3Acancel`,
    `/prod/GET${JOBS}/j/taskGroups/group0/tasks/0`,
    `/prod/GET${JOBS.replace('v1', 'v1alpha')}/j`,
  ])('covers %s', (path) => {
    expect(covers(patterns, path)).toBe(true);
  });

  it.each([
    `/prod/GET${JOBS}`,
    `/prod/POST${JOBS}`,
    `/prod/GET${JOBS}/j2`,
    `/prod/GET${JOBS}/j-2/taskGroups/group0/tasks/0`,
    `/prod/GET${JOBS.replace('/p/', '/q/')}/j`,
  ])('does not cover %s', (path) => {
    expect(covers(patterns, path)).toBe(false);
  });
});

describe("errors of the gateway's own", () => {
  const { all } = stackUnderTest();
  const responses = all('AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);

  it('have the form of the API', () => {
    expect(responses.length).toBeGreaterThan(10);
    for (const { StatusCode: status, ResponseTemplates: templates } of responses) {
      const template = (templates as Record<string, string>)['application/json'] ?? '';
      const body = JSON.parse(template.replace('$context.error.messageString', '"why"'));
      expect(body.error).toMatchObject({ code: Number(status), status: expect.any(String), details: [] });
      expect(body.error.message).not.toBe('');
    }
  });
});

describe('an API for bearer tokens', () => {
  it('is not there without an issuer', () => {
    expect(stackUnderTest().all('AWS::ApiGateway::Authorizer')).toEqual([]);
  });

  const { template, all } = stackUnderTest({
    jwtIssuer: 'https://issuer.example',
    jwtAudience: 'sluice',
    jwtReadOnly: 'scope=sluice.read',
  });

  it('has the versions as its stages, which is where clients of Google expect them', () => {
    const stages = all('AWS::ApiGateway::Stage').filter(([, { Properties }]) =>
      JSON.stringify(Properties.RestApiId).includes('TokenApi'),
    );
    expect(stages.map(([, { Properties }]) => Properties.StageName).sort()).toEqual(['v1', 'v1alpha']);
    for (const [, { Properties }] of stages) expect(Properties.AccessLogSetting).toBeDefined();
    expect(JSON.stringify(template.findOutputs('TokenEndpoint'))).not.toContain('/v1');
  });

  it('lets nobody in whom the authorizer does not', () => {
    const methods = all('AWS::ApiGateway::Method')
      .map(([, { Properties }]) => Properties)
      .filter(({ RestApiId }) => JSON.stringify(RestApiId).includes('TokenApi'));
    expect(methods).toHaveLength(3);
    for (const method of methods) expect(method.AuthorizationType).toBe('CUSTOM');
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'TOKEN',
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: 'method.request.header.Authorization',
    });
  });

  it('calls the function from either stage', () => {
    const from = all('AWS::Lambda::Permission').map(([, { Properties }]) =>
      JSON.stringify(Properties.SourceArn),
    );
    for (const stage of ['"/v1alpha/*/*"', 'TokenApiDeploymentStagev1'])
      expect(
        from.some((arn) => arn?.includes('TokenApi') && arn.includes(stage)),
        stage,
      ).toBe(true);
  });

  it('tells the function where the keys are', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'sluice-authorize-token',
      Environment: {
        Variables: {
          JWT_ISSUER: 'https://issuer.example',
          JWT_AUDIENCE: 'sluice',
          JWT_KEYS_URL: 'https://issuer.example/.well-known/jwks.json',
          JWT_FULL_ACCESS: '',
          JWT_READ_ONLY: 'scope=sluice.read',
        },
      },
    });
  });
});
