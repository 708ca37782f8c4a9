import { createHash } from 'node:crypto';
import type { MessageAttributeValue, PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import type { OutgoingEvent } from '../ports/event-sink.ts';

/** A list of texts, of which a filter policy needs to match one. */
const LISTS = new Set(['Labels']);
/** MessageGroupId and MessageDeduplicationId (SNS API reference). */
const ID_LENGTH = 128;

/** A message as PublishBatch takes it; the topics of SNS that keep an order are told what to keep it by. */
export function snsEntry(event: OutgoingEvent, id: string, keepsOrder: boolean): PublishBatchRequestEntry {
  const { message, subject } = event;
  return {
    Id: id,
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    MessageAttributes: messageAttributes(event),
    ...(keepsOrder
      ? { MessageGroupId: shortened(subject), MessageDeduplicationId: shortened(event.id) }
      : {}),
  };
}

/** For filter policies, and the message's own id for who drops repeats. A queue with raw delivery takes ten at most. */
function messageAttributes({
  id,
  subject,
  attributes,
}: OutgoingEvent): Record<string, MessageAttributeValue> {
  const all = { ...attributes, EventId: id, EventSubject: subject };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [
        name,
        { DataType: LISTS.has(name) ? 'String.Array' : 'String', StringValue: value },
      ]),
  );
}

function shortened(text: string): string {
  return text.length <= ID_LENGTH ? text : createHash('sha256').update(text).digest('hex');
}

/** What an entry counts against the limit of a message, and of a batch: the text, and names, types and values of attributes. */
export function entryBytes({
  Message: message = '',
  MessageAttributes: attributes = {},
}: PublishBatchRequestEntry) {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType: type = '', StringValue: value = '' }]) =>
      sum + Buffer.byteLength(name) + type.length + Buffer.byteLength(value),
    Buffer.byteLength(message),
  );
}
