import { expect, it } from 'vitest';
import { answeringClient } from './answering-client.ts';
import { sqsDeadLetter } from './sqs-dead-letter.ts';

const event = { id: 'a', subject: 's', topic: 't', attributes: { Kind: 'job' }, message: 'text' };

async function putAside(message: string) {
  const { client, sent } = answeringClient([{}]);
  await sqsDeadLetter({ client: client as never, queueUrl: 'http://queue' })(
    { ...event, message },
    'refused',
  );
  expect(sent[0]?.input.QueueUrl).toBe('http://queue');
  return String(sent[0]?.input.MessageBody);
}

it('a message is put aside as it is, with the reason', async () => {
  expect(JSON.parse(await putAside('text'))).toEqual({ reason: 'refused', ...event });
});

it('a message that no queue takes is put aside without its text', async () => {
  const body = await putAside('x'.repeat(300_000));
  expect(body.length).toBeLessThan(1000);
  expect(JSON.parse(body)).toMatchObject({ id: 'a', reason: 'refused', messageBytes: 300_002 });
});
