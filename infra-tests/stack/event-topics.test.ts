import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stackUnderTest } from './stack-under-test.ts';

const plain = stackUnderTest();
const standard = stackUnderTest({
  orderedTopics: 'false',
  ownKey: 'true',
  notificationTopics: 'batch-{project}-{topic}',
  notificationTopicArns: 'arn:aws:sns:us-east-1:999999999999:theirs',
});

const topicsOf = ({ all }: typeof plain) =>
  all('AWS::SNS::Topic')
    .map(([, { Properties }]) => Properties)
    .filter(({ TopicName: name }) => name !== undefined);
const statementsOf = ({ all }: typeof plain, role: string) =>
  all('AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(`Functions${role}Role`))
    .flatMap(
      ([, { Properties }]) =>
        (Properties.PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] })
          .Statement,
    );
const resourceOf = (stack: typeof plain, role: string, action: string) =>
  JSON.stringify(
    statementsOf(stack, role).find(({ Action: actions }) => [actions].flat().includes(action))?.Resource,
  );

describe('the topics of events', () => {
  it('keep the order of subjects, each subject by itself', () => {
    expect(topicsOf(plain).map(({ TopicName: name }) => name)).toEqual([
      'sluice-jobs.fifo',
      'sluice-tasks.fifo',
      'sluice-nodes.fifo',
    ]);
    for (const topic of topicsOf(plain))
      expect(topic).toMatchObject({ FifoTopic: true, FifoThroughputScope: 'MessageGroup' });
  });

  it('are standard ones where that is wanted, with the own key where there is one', () => {
    expect(topicsOf(standard).map(({ TopicName: name }) => name)).toEqual([
      'sluice-jobs',
      'sluice-tasks',
      'sluice-nodes',
    ]);
    for (const topic of topicsOf(standard)) {
      expect(topic.FifoTopic).toBeUndefined();
      expect(JSON.stringify(topic.KmsMasterKeyId)).toContain('JobTable');
    }
    expect(topicsOf(plain).every(({ KmsMasterKeyId: key }) => key === undefined)).toBe(true);
  });

  it('take nothing that is not sent over TLS', () => {
    const policies = plain.all('AWS::SNS::TopicPolicy');
    expect(policies.length).toBeGreaterThanOrEqual(3);
    for (const [, { Properties }] of policies)
      expect(JSON.stringify(Properties.PolicyDocument)).toContain('"aws:SecureTransport":"false"');
  });

  it('are fed by the change feed, and by nobody else', () => {
    plain.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp('PublishEvents') },
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ParallelizationFactor: 1,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      FilterCriteria: {
        Filters: [
          ['J#', {}],
          ['S#', { NewImage: { signal: { S: ['group', 'node', 'task'] } } }],
          ['T#', { NewImage: { signal: { S: ['task'] } } }],
        ].map(([prefix, signals]) => ({
          Pattern: JSON.stringify({
            dynamodb: { Keys: { pk: { S: [{ prefix }] } }, ...(signals as object) },
          }),
        })),
      },
    });
    const publishers = plain
      .all('AWS::IAM::Policy')
      .filter(([, policy]) => JSON.stringify(policy).includes('sns:Publish'))
      .map(([id]) => id);
    expect(publishers).toEqual([expect.stringMatching(/^FunctionsPublishEventsRole/)]);
  });
});

describe('topics that jobs name', () => {
  it('are looked for with the rights that they are published to with', () => {
    for (const stack of [plain, standard]) {
      const seen = resourceOf(stack, 'JobsApi', 'sns:GetTopicAttributes') ?? 'nothing';
      const published = resourceOf(stack, 'PublishEvents', 'sns:Publish') ?? '';
      // A single resource is no list.
      expect(published).toContain(seen.replace(/^\[|\]$/g, ''));
    }
  });

  it('are those of the rule, and those that are named beside', () => {
    expect(resourceOf(standard, 'JobsApi', 'sns:GetTopicAttributes')).toMatch(
      /:batch-\*-\*".*"arn:aws:sns:us-east-1:999999999999:theirs"/,
    );
    const [, api] = standard
      .all('AWS::Lambda::Function')
      .find(([, { Properties }]) => Properties.FunctionName === 'sluice-jobs-api') ?? ['', undefined];
    expect(JSON.stringify(api?.Properties.Environment)).toContain(':batch-{project}-{topic}');
  });
});

describe('rights on the own key', () => {
  it('are those of publishing to topics that it encrypts', () => {
    const actions = statementsOf(standard, 'PublishEvents').flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']));
  });
});

describe('what ECS says of nodes', () => {
  it('reaches the function that notes it, of this cluster alone', () => {
    plain.template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: {
          clusterArn: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('Cluster'), 'Arn'] }],
          lastStatus: ['PENDING', 'RUNNING', 'STOPPED'],
        },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });
});
