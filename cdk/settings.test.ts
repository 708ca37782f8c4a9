import { App } from 'aws-cdk-lib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedFor, readSettings, settingNames, settingsInContext } from './settings.ts';

const refusal = (given: Record<string, unknown>) => {
  try {
    readSettings(given);
  } catch (error) {
    return (error as Error).message;
  }
  return 'not refused';
};

describe('settings', () => {
  it('all have defaults, or may be left out', () => {
    expect(readSettings({})).toMatchObject({ name: 'sluice', maxNodes: 100, retentionDays: 60 });
  });

  it('mean the same as text, as JSON and as values', () => {
    const asText = readSettings({
      maxNodes: '7',
      nodeArm: 'false',
      vpcId: 'vpc-0a1b2c3d',
      subnetIds: 'subnet-0a1b2c3d, subnet-0a1b2c3e',
      locationAliases: 'us-central1,us-central1-a=eu-west-1b',
      serviceAccounts: 'me@p.iam=arn:aws:iam::123456789012:role/a=b',
    });
    const asValues = readSettings({
      maxNodes: 7,
      nodeArm: false,
      vpcId: 'vpc-0a1b2c3d',
      subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'],
      locationAliases: { 'us-central1': '', 'us-central1-a': 'eu-west-1b' },
      serviceAccounts: { 'me@p.iam': 'arn:aws:iam::123456789012:role/a=b' },
    });
    expect(asText).toEqual(asValues);
  });

  it.each([
    [{ maxNodes: 'many' }, 'maxNodes must be a whole number from 1 to 5,000; given: "many"'],
    [{ maxNodes: 5_001 }, 'maxNodes must be a whole number from 1 to 5,000; given: 5001'],
    [{ nodeArm: 'yes' }, 'nodeArm must be `true` or `false`; given: "yes"'],
    [{ logRetentionDays: '31' }, 'logRetentionDays must be one of 1, 3, 5,'],
    [{ account: 123 }, 'account must be twelve digits; given: 123'],
    [
      { subnetIds: 'subnet-0a1b2c3d,here' },
      "subnetIds must be a subnet's id, such as `subnet-0a1b2c3d`, or with its zone",
    ],
    [{ serviceAccounts: 'me@p=admin' }, 'serviceAccounts must be `EMAIL=ROLE-ARN`; several'],
    [{ alarmEmail: 'nobody' }, 'alarmEmail must be an e-mail address; given: "nobody"'],
    [{ vpcId: 'vpc-0a1b2c3d' }, 'subnetIds must name at least one subnet of vpc-0a1b2c3d; given: none'],
    [{ subnetIds: 'subnet-0a1b2c3d' }, 'vpcId must name the VPC of subnet-0a1b2c3d; given: none'],
    [{ secretName: 'sluice{secret}' }, 'secretName must name no secret like sluice-registry-logins/…'],
    [{ name: 'a', secretName: 'a-registry-logins/x{secret}' }, 'secretName must name no secret like'],
    [{ jwtIssuer: 'https://i' }, 'jwtAudience must name whom tokens are meant for'],
    [{ jwtIssuer: 'https://i', jwtAudience: 'a' }, 'jwtFullAccess or jwtReadOnly must say which tokens'],
    [{ jwtAudience: 'a' }, 'jwtAudience means nothing without jwtIssuer; given: ["a"]'],
    [{ jwtFullAccess: 'scope' }, 'jwtFullAccess must be `CLAIM=VALUE`, such as'],
    [
      { closedNodeImage: 'node:24' },
      'closedNodeImage must be an image in ECR, such as `123456789012.dkr.ecr.',
    ],
    [{ closedNetwork: true }, 'closedNodeImage must name a copy of node:24-slim in ECR'],
    [{ closedS3PrefixList: 'pl-0a1b2c3d' }, 'closedS3PrefixList means nothing without closedNetwork; given:'],
    [{ maxNode: 4 }, 'maxNode is no setting (did you mean maxNodes?); there are: name, '],
  ])('%j is refused by name, with what is allowed', (given, message) => {
    expect(refusal(given)).toContain(message);
  });

  it.each([
    { closedNodeImage: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/node:24-slim' },
    { nodeImage: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/node:24-slim' },
    { registryMirrors: 'docker.io=111122223333.dkr.ecr.eu-west-1.amazonaws.com/hub' },
    { nodeImage: 'registry.test:5000/node', plainHttpRegistries: 'registry.test:5000' },
  ])('take a closed network with %j', (given) => {
    expect(refusal({ closedNetwork: true, ...given })).toBe('not refused');
  });

  it('name everything that is wrong at once', () => {
    expect(refusal({ maxNodes: 0, logRetentionDays: 2, what: 1 }).split('\n')).toHaveLength(4);
  });

  it('say for each one what is allowed', () => {
    for (const name of settingNames) expect(allowedFor(name), name).not.toBe('');
  });

  it('refuse whatever they do not take, never failing otherwise', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settingNames), fc.anything(), (name, value) => {
        try {
          readSettings({ [name]: value });
        } catch (error) {
          expect((error as Error).message).toMatch(/^settings of the deployment are wrong:\n {2}\w/);
        }
      }),
    );
  });
});

describe('the context of an app', () => {
  it("holds settings beside CDK's own keys", () => {
    const app = new App({ context: { maxNodes: '3', '@aws-cdk/core:someFlag': true, 'aws:cdk:x': 1 } });
    expect(settingsInContext(app.node).maxNodes).toBe(3);
  });

  it('refuses a name that is none', () => {
    const app = new App({ context: { maxnode: '3' } });
    expect(() => settingsInContext(app.node)).toThrow('maxnode is no setting (did you mean maxNodes?)');
  });
});
