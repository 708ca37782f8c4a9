import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { OutgoingEvent } from '../ports/event-sink.ts';

/** What a message of SQS holds, less what is around the event. */
const BYTES_AT_MOST = 240 * 1024;

/** Puts a message that cannot be published aside in a queue, with the reason; one that is too large, without its text. */
export function sqsDeadLetter({ client, queueUrl }: { client: Pick<SQSClient, 'send'>; queueUrl: string }) {
  return async (event: OutgoingEvent, reason: string): Promise<void> => {
    const { message, ...rest } = event;
    const whole = JSON.stringify({ reason, ...event });
    const fits = Buffer.byteLength(whole) <= BYTES_AT_MOST;
    const body = fits
      ? whole
      : JSON.stringify({ reason, ...rest, messageBytes: Buffer.byteLength(JSON.stringify(message)) });
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  };
}

/** The queue of a deployment for what cannot be published. */
export function openDeadLetter(queueUrl: string): ReturnType<typeof sqsDeadLetter> {
  return sqsDeadLetter({ client: new SQSClient(), queueUrl });
}
