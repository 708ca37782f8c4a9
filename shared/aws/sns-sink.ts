import { PublishBatchCommand, type PublishBatchRequestEntry, SNSClient } from '@aws-sdk/client-sns';
import type { SubjectKind } from '../contract/event.ts';
import type { EventSink, FailedEvent, OutgoingEvent } from '../ports/event-sink.ts';
import { entryBytes, snsEntry } from './sns-entry.ts';
import { findTopic, type TopicRule } from './topic-arns.ts';

/** The deployment's own topics. */
export interface OwnTopics {
  readonly jobs: string;
  readonly tasks: string;
  readonly nodes: string;
}

export interface SnsSinkPorts {
  readonly client: Pick<SNSClient, 'send'>;
  readonly topics: OwnTopics;
  /** Which topics jobs may name. */
  readonly rule: TopicRule;
}

/** Of a message and of all in one PublishBatch together (SNS quotas). */
const BYTES_AT_MOST = 256 * 1024;
const ENTRIES_AT_MOST = 10;

const ofKind: Readonly<Record<SubjectKind, keyof OwnTopics>> = {
  job: 'jobs',
  group: 'tasks',
  task: 'tasks',
  environment: 'nodes',
  node: 'nodes',
};

/**
 * Publishes to SNS: events to the deployment's topic of their kind, notifications to the topics that jobs name. Messages of
 * each topic are a lane of their own. When a topic of the deployment cannot be reached, `publish` throws and all comes
 * again; a topic of a job's that is not what it was when the job was created holds up nobody.
 */
export class SnsSink implements EventSink {
  readonly batchSize = ENTRIES_AT_MOST;
  /** Entries of a batch can fail one by one. */
  readonly keepsOrder = false;
  readonly #ports: SnsSinkPorts;

  constructor(ports: SnsSinkPorts) {
    this.#ports = ports;
  }

  laneOf(event: OutgoingEvent): string {
    return event.topic ?? ofKind[event.attributes.Kind as SubjectKind];
  }

  async publish(batch: readonly OutgoingEvent[]): Promise<{ failed: FailedEvent[] }> {
    const [first] = batch;
    if (first === undefined) return { failed: [] };
    const topic = this.#topicOf(first);
    if ('why' in topic) return { failed: batch.map(({ id }) => failure(id, topic.why, false)) };
    const keepsOrder = topic.arn.endsWith('.fifo');
    const entries = batch.map((event, at) => snsEntry(event, String(at), keepsOrder));
    const failed: FailedEvent[] = [];
    for (const part of partsOf(entries)) {
      const meant = (id: string | undefined) => batch[Number(id)]?.id ?? '';
      if (part.every((entry) => entryBytes(entry) > BYTES_AT_MOST)) {
        const why = `it is larger than ${BYTES_AT_MOST} bytes, which is all that SNS takes`;
        failed.push(...part.map(({ Id: id }) => failure(meant(id), why, false)));
        continue;
      }
      for (const { id, ...why } of await this.#send(topic.arn, part, first.topic === undefined))
        failed.push({ id: meant(id), ...why });
    }
    return { failed };
  }

  #topicOf(event: OutgoingEvent) {
    if (event.topic !== undefined) return findTopic(event.topic, this.#ports.rule);
    return { arn: this.#ports.topics[ofKind[event.attributes.Kind as SubjectKind]] };
  }

  /** What was not taken, by the ids of entries. */
  async #send(arn: string, entries: PublishBatchRequestEntry[], isOwn: boolean): Promise<FailedEvent[]> {
    try {
      const command = new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries: entries });
      const { Failed: failed = [] } = await this.#ports.client.send(command);
      return failed.map(({ Id: id = '', Code: code, Message: message, SenderFault: ours }) =>
        failure(id, `${code}: ${message ?? ''}`, ours !== true || THROTTLED.test(code ?? '')),
      );
    } catch (error) {
      if (isOwn) throw error;
      const { name, message } = error as Error;
      return entries.map(({ Id: id = '' }) => failure(id, `${name}: ${message}`, !PERMANENT.test(name)));
    }
  }
}

const THROTTLED = /throttl|limit/i;
/** What another try does not mend: the topic is gone, closed, or encrypted with a key that is. */
const PERMANENT = /NotFound|Authorization|AccessDenied|InvalidParameter|KMS(?!Throttling)|EndpointDisabled/;

function failure(id: string, reason: string, retryable: boolean): FailedEvent {
  return { id, reason, retryable };
}

/** Cuts a batch so that no part is larger than SNS takes; what is too large alone is a part of its own. */
function* partsOf(entries: readonly PublishBatchRequestEntry[]): Generator<PublishBatchRequestEntry[]> {
  let part: PublishBatchRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entryBytes(entry);
    if (part.length > 0 && bytes + size > BYTES_AT_MOST) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(entry);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** The sink of a deployment. */
export function openSnsSink(given: Omit<SnsSinkPorts, 'client'>): EventSink {
  return new SnsSink({ ...given, client: new SNSClient() });
}
