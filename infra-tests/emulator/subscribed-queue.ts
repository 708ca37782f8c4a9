import { SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Clients } from './aws-clients.ts';

const WAIT_SECONDS = 2;

/** A queue that has what a topic is told, as a user would subscribe one. */
export class SubscribedQueue {
  readonly #sqs: Clients['sqs'];
  readonly #url: string;
  /** What has come, in its order. */
  readonly events: OutgoingEvent[] = [];

  private constructor(sqs: Clients['sqs'], url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  /** `filter`: which messages it is to have, by their attributes, as SNS filters them; without it all. */
  static async subscribe({ sqs, sns }: Clients, topicArn: string, filter?: object): Promise<SubscribedQueue> {
    const [, partition, , region, account, topic = ''] = topicArn.split(':');
    const isOrdered = topic.endsWith('.fifo');
    const name = `${topic.replace('.fifo', '')}-${crypto.randomUUID().slice(0, 8)}${isOrdered ? '.fifo' : ''}`;
    const queueArn = `arn:${partition}:sqs:${region}:${account}:${name}`;
    const mayBeTold = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    };
    const { QueueUrl: url = '' } = await sqs.send(
      new CreateQueueCommand({
        QueueName: name,
        Attributes: {
          Policy: JSON.stringify({ Version: '2012-10-17', Statement: [mayBeTold] }),
          ...(isOrdered ? { FifoQueue: 'true' } : {}),
        },
      }),
    );
    await sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        Attributes: {
          RawMessageDelivery: 'true',
          ...(filter === undefined ? {} : { FilterPolicy: JSON.stringify(filter) }),
        },
      }),
    );
    return new SubscribedQueue(sqs, url);
  }

  /** The first so many messages, each once, as texts: a repeat has the id of what it repeats. */
  async first(count: number): Promise<string[]> {
    const once = () => new Map(this.events.map((event) => [`${event.subject} ${event.id}`, event.message]));
    await this.until(() => once().size >= count);
    const told = [...once().values()].slice(0, count);
    return told.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
  }

  /** Reads on until something has come; throws when it has not within `seconds`. */
  async until(found: (event: OutgoingEvent) => boolean, seconds = 60): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!this.events.some(found)) {
      if (Date.now() > deadline)
        throw new Error(`only these came: ${this.events.map(({ id }) => id).join(', ') || 'none'}`);
      const { Messages: messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageAttributeNames: ['All'],
        }),
      );
      if (messages.length === 0) continue;
      this.events.push(...messages.map(eventOf));
      const entries = messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
      await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries: entries }));
    }
  }
}

/** The event that a message is, as a file of one machine would have it. */
function eventOf({ Body: body = '', MessageAttributes: given = {} }: Message): OutgoingEvent {
  const {
    EventId: id = '',
    EventSubject: subject = '',
    ...attributes
  } = Object.fromEntries(Object.entries(given).map(([name, { StringValue: value = '' }]) => [name, value]));
  const message = body.startsWith('{') ? (JSON.parse(body) as OutgoingEvent['message']) : body;
  return { id, subject, attributes, message };
}
