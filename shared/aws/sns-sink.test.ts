import { AuthorizationErrorException, NotFoundException } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import type { OutgoingEvent } from '../ports/event-sink.ts';
import { outgoingOf } from '../testing/events/read-history.ts';
import { goodHistory } from '../testing/events/told-jobs.ts';
import { answeringClient, type Sent } from './answering-client.ts';
import { SnsSink } from './sns-sink.ts';

const account = 'arn:aws:sns:eu-west-1:123456789012';
const topics = {
  jobs: `${account}:jobs.fifo`,
  tasks: `${account}:tasks.fifo`,
  nodes: `${account}:nodes.fifo`,
};
const events = outgoingOf(goodHistory(), [
  { pubsubTopic: 'projects/p/topics/done', message: { type: 'JOB_STATE_CHANGED', newJobState: 'SUCCEEDED' } },
]);
const ofLane = (sink: SnsSink, lane: string) => events.filter((event) => sink.laneOf(event) === lane);

interface Entry {
  readonly Id: string;
  readonly Message: string;
  readonly MessageAttributes: Record<string, { DataType: string; StringValue: string }>;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}
const entriesOf = ({ input }: Sent) => input.PublishBatchRequestEntries as Entry[];

function sinkOn(...answers: unknown[]) {
  const { client, sent } = answeringClient(answers);
  return { sent, sink: new SnsSink({ client: client as never, topics, rule: `${account}:{topic}` }) };
}
const large = (id: string, bytes: number): OutgoingEvent => ({
  id,
  subject: id,
  topic: 'done',
  attributes: {},
  message: 'x'.repeat(bytes),
});

describe('an event', () => {
  it('goes to the topic of its kind', () => {
    const { sink } = sinkOn();
    const lanes = new Map(events.map((event) => [event.attributes.Kind ?? 'none', sink.laneOf(event)]));
    expect(Object.fromEntries(lanes)).toEqual({
      job: 'jobs',
      group: 'tasks',
      task: 'tasks',
      environment: 'nodes',
      node: 'nodes',
      none: 'projects/p/topics/done',
    });
  });

  it('is the message, with attributes for filter policies, ten at most', async () => {
    const { sink, sent } = sinkOn({});
    const [running] = ofLane(sink, 'jobs') as [OutgoingEvent];
    expect(await sink.publish([running])).toEqual({ failed: [] });
    expect(sent[0]?.input.TopicArn).toBe(topics.jobs);
    const [entry] = entriesOf(sent[0] as Sent) as [Entry];
    expect(JSON.parse(entry.Message)).toEqual(running.message);
    expect(entry.MessageAttributes).toEqual({
      EventName: { DataType: 'String', StringValue: 'JOB_RUNNING' },
      Kind: { DataType: 'String', StringValue: 'job' },
      State: { DataType: 'String', StringValue: 'RUNNING' },
      JobUid: { DataType: 'String', StringValue: 'resize-1f6e02c4-9a3d-40b57' },
      JobId: { DataType: 'String', StringValue: 'resize' },
      Project: { DataType: 'String', StringValue: 'my-project' },
      Labels: { DataType: 'String.Array', StringValue: '["env=prod","team=search"]' },
      EventId: { DataType: 'String', StringValue: running.id },
      EventSubject: { DataType: 'String', StringValue: running.subject },
    });
    expect(entry).toMatchObject({ MessageGroupId: running.subject, MessageDeduplicationId: running.id });
  });

  it('has short ids for the order, however long its own are', async () => {
    const { sink, sent } = sinkOn({});
    await sink.publish([{ ...(events[0] as OutgoingEvent), id: 'i'.repeat(300), subject: 's'.repeat(300) }]);
    const [entry] = entriesOf(sent[0] as Sent) as [Entry];
    expect(entry.MessageGroupId).toMatch(/^[0-9a-f]{64}$/);
    expect(entry.MessageDeduplicationId).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a notification to a topic of the job's", () => {
  it('goes there as text, without an order where the topic keeps none', async () => {
    const { sink, sent } = sinkOn({});
    await sink.publish(ofLane(sink, 'projects/p/topics/done'));
    expect(sent[0]?.input.TopicArn).toBe(`${account}:done`);
    const [entry] = entriesOf(sent[0] as Sent) as [Entry];
    expect(entry.Message).toMatch(/^Job state was updated: /);
    expect(entry.MessageAttributes.NewJobState?.StringValue).toBe('SUCCEEDED');
    expect(entry.MessageGroupId).toBeUndefined();
  });

  it.each([
    ['is gone', new NotFoundException({ $metadata: {}, message: 'no topic' }), false],
    ['is closed', new AuthorizationErrorException({ $metadata: {}, message: 'no right' }), false],
    ['cannot be reached', new Error('the network is down'), true],
  ])('that %s holds up nobody', async (_, error, retryable) => {
    const { sink } = sinkOn(error);
    const batch = ofLane(sink, 'projects/p/topics/done');
    const { failed } = await sink.publish(batch);
    expect(failed).toEqual([{ id: batch[0]?.id, reason: `${error.name}: ${error.message}`, retryable }]);
  });

  it('whose name is none of SNS is refused without a call', async () => {
    const { sink, sent } = sinkOn();
    const { failed } = await sink.publish([{ ...large('a', 1), topic: 'projects/p/topics/a.b' }]);
    expect(failed).toMatchObject([{ id: 'a', retryable: false }]);
    expect(sent).toEqual([]);
  });
});

describe('what fails', () => {
  it("on the deployment's own topics has all come again", async () => {
    const { sink } = sinkOn(new NotFoundException({ $metadata: {}, message: 'no topic' }));
    await expect(sink.publish(ofLane(sink, 'jobs'))).rejects.toThrow('no topic');
  });

  it('in a batch is named one by one', async () => {
    const { sink } = sinkOn({
      Failed: [
        { Id: '0', Code: 'InternalError', Message: 'again', SenderFault: false },
        { Id: '1', Code: 'InvalidParameter', Message: 'bad', SenderFault: true },
        { Id: '2', Code: 'Throttled', SenderFault: true },
      ],
    });
    const batch = ofLane(sink, 'tasks').slice(0, 3);
    expect((await sink.publish(batch)).failed).toEqual([
      { id: batch[0]?.id, reason: 'InternalError: again', retryable: true },
      { id: batch[1]?.id, reason: 'InvalidParameter: bad', retryable: false },
      { id: batch[2]?.id, reason: 'Throttled: ', retryable: true },
    ]);
  });
});

describe('sizes', () => {
  it('cut a batch, so that no request is larger than SNS takes', async () => {
    const { sink, sent } = sinkOn({}, {}, {});
    const batch = [large('a', 100_000), large('b', 150_000), large('c', 100_000), large('d', 1000)];
    expect(await sink.publish(batch)).toEqual({ failed: [] });
    expect(sent.map((one) => entriesOf(one).map(({ Id: id }) => id))).toEqual([
      ['0', '1'],
      ['2', '3'],
    ]);
  });

  it('refuse a message that is too large by itself, and no other', async () => {
    const { sink, sent } = sinkOn({}, {});
    const { failed } = await sink.publish([large('a', 10), large('b', 256 * 1024), large('c', 10)]);
    expect(failed).toMatchObject([{ id: 'b', retryable: false, reason: expect.stringContaining('262144') }]);
    expect(sent.map((one) => entriesOf(one).map(({ Id: id }) => id))).toEqual([['0'], ['2']]);
  });
});
