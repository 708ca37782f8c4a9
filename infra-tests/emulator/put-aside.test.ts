import { CreateTopicCommand, DeleteTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { describeDeployed } from './describe-deployed.ts';
import { eventually, PATIENCE } from './nodes-of-job.ts';
import { SubscribedQueue } from './subscribed-queue.ts';

type PutAside = OutgoingEvent & { readonly reason: string };

describeDeployed('a message that could not be published', ({ api, clients }) => {
  const topicArn = async () => {
    const { TopicArn: arn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: 'gone' }));
    return arn;
  };

  /** Messages in the queue of the deployment, as an operator looks for it. */
  async function putAside(): Promise<PutAside[]> {
    const { QueueUrls: urls = [] } = await clients.sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: 'sluice' }),
    );
    const QueueUrl = urls.find((url) => url.includes('EventTopicsPutAside'));
    const { Messages: messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    return messages.map(({ Body: body = '' }) => JSON.parse(body) as PutAside);
  }

  it('is put aside with the reason, and can be sent again as docs/operations.md has it', async () => {
    const arn = await topicArn();
    await api.createJob('untold', {
      taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'sleep 5' } }] } }],
      notifications: [
        {
          pubsubTopic: 'projects/any/topics/gone',
          message: { type: 'JOB_STATE_CHANGED', newJobState: 'SUCCEEDED' },
        },
      ],
    });
    await clients.sns.send(new DeleteTopicCommand({ TopicArn: arn }));
    expect((await api.waitForEnd('untold', PATIENCE)).status?.state).toBe('SUCCEEDED');
    const aside = await eventually('its message is put aside', async () =>
      (await putAside()).find(({ attributes }) => attributes.JobUID?.startsWith('untold')),
    );
    expect(aside.reason).toMatch(/NotFound/);
    expect(aside.topic).toContain('gone');

    const told = await SubscribedQueue.subscribe(clients, await topicArn());
    const texts = { ...aside.attributes, EventId: aside.id, EventSubject: aside.subject };
    await clients.sns.send(
      new PublishCommand({
        TopicArn: arn,
        Message: typeof aside.message === 'string' ? aside.message : JSON.stringify(aside.message),
        MessageAttributes: Object.fromEntries(
          Object.entries(texts).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
        ),
      }),
    );
    await told.until(({ id }) => id === aside.id);
    const { reason: _, topic: __, ...event } = aside;
    expect(told.events).toEqual([event]);
  });
});
