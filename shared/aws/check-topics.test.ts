import { AuthorizationErrorException, NotFoundException } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { ApiError } from '../contract/error.ts';
import { answeringClient } from './answering-client.ts';
import { checkTopics } from './check-topics.ts';

const account = 'arn:aws:sns:eu-west-1:123456789012';
const error = (of: typeof NotFoundException | typeof AuthorizationErrorException) =>
  new of({ $metadata: {}, message: 'no' });

const check = (notifications: object[], answers: unknown[]) => {
  const { client, sent } = answeringClient(answers);
  return {
    sent,
    done: checkTopics({ client: client as never, rule: `${account}:{topic}` }, { notifications }),
  };
};

describe('topics of a job that is created', () => {
  it('are looked for by the rule', async () => {
    const { sent, done } = check([{ pubsubTopic: 'projects/p/topics/a' }, { topicName: 'b' }, {}], []);
    await done;
    expect(sent.map(({ input }) => input)).toEqual([
      { TopicArn: `${account}:a` },
      { TopicArn: `${account}:b` },
    ]);
  });

  it('are refused by their fields, all at once, with the reason', async () => {
    const { done } = check(
      [
        { pubsubTopic: 'projects/p/topics/a' },
        { topicName: 'b' },
        { topicName: 'c' },
        { pubsubTopic: 'projects/p/topics/d.e' },
      ],
      [error(NotFoundException), error(AuthorizationErrorException)],
    );
    const refused = (await done.catch((thrown: unknown) => thrown)) as ApiError;
    const must = 'must be a topic that exists and that this deployment may publish to; given';
    expect(refused.status).toBe('INVALID_ARGUMENT');
    expect(refused.violations).toEqual([
      {
        field: 'notifications[0].pubsubTopic',
        description: `${must} "projects/p/topics/a": there is no ${account}:a`,
      },
      { field: 'notifications[1].topicName', description: `${must} "b": ${account}:b is closed to it` },
      {
        field: 'notifications[3].pubsubTopic',
        description: `${must} "projects/p/topics/d.e": SNS has no topic with the name "d.e"`,
      },
    ]);
  });

  it('have the request fail when SNS cannot be asked', async () => {
    await expect(check([{ topicName: 'a' }], [new Error('the network is down')]).done).rejects.toThrow(
      'network',
    );
  });
});
