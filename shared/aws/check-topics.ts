import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { invalidArgument, type Violation } from '../contract/error.ts';
import type { Job } from '../contract/job.ts';
import { topicTextOf } from '../contract/notification.ts';
import { findTopic, type TopicRule } from './topic-arns.ts';

export interface CheckTopicsPorts {
  readonly client: Pick<SNSClient, 'send'>;
  readonly rule: TopicRule;
}

/**
 * Throws INVALID_ARGUMENT for topics of a job's notifications that do not exist, or that this deployment may not publish
 * to. SNS has no question for the latter: the function that asks here may read the very topics that the one which
 * publishes may publish to, so who is refused the one is refused the other.
 */
export async function checkTopics({ client, rule }: CheckTopicsPorts, job: Job): Promise<void> {
  const found = await Promise.all(
    (job.notifications ?? []).map(async (notification, at): Promise<Violation[]> => {
      const name = topicTextOf(notification);
      if (name === undefined) return [];
      const why = await whyNot(client, name, rule);
      if (why === undefined) return [];
      const field = `notifications[${at}].${notification.pubsubTopic ? 'pubsubTopic' : 'topicName'}`;
      const description = `must be a topic that exists and that this deployment may publish to; given ${JSON.stringify(name)}: ${why}`;
      return [{ field, description }];
    }),
  );
  const violations = found.flat();
  if (violations.length > 0) throw invalidArgument(violations);
}

async function whyNot(
  client: CheckTopicsPorts['client'],
  name: string,
  rule: TopicRule,
): Promise<string | undefined> {
  const topic = findTopic(name, rule);
  if ('why' in topic) return topic.why;
  try {
    await client.send(new GetTopicAttributesCommand({ TopicArn: topic.arn }));
    return undefined;
  } catch (error) {
    switch ((error as Error).name) {
      case 'NotFoundException':
      case 'NotFound':
      case 'InvalidParameterException':
        return `there is no ${topic.arn}`;
      case 'AuthorizationErrorException':
      case 'AuthorizationError':
      case 'AccessDenied':
      case 'AccessDeniedException':
        return `${topic.arn} is closed to it`;
      default:
        throw error;
    }
  }
}

/** The check of a deployment's API. */
export function openCheckTopics(rule: TopicRule): (job: Job) => Promise<void> {
  const client = new SNSClient();
  return (job) => checkTopics({ client, rule }, job);
}
