import type { Clock } from '../../shared/ports/clock.ts';
import type { EventSink, FailedEvent, OutgoingEvent } from '../../shared/ports/event-sink.ts';

export interface PublishPorts {
  readonly sink: EventSink;
  readonly clock: Clock;
  /** Takes a message that cannot be published, so that it blocks no other. What it throws has the batch repeated. */
  readonly deadLetter: (event: OutgoingEvent, reason: string) => Promise<void>;
}

/** Times that one message is tried before it is put aside, and the milliseconds before each of them but the first. */
const TRIES_AFTER_MS = [100, 400, 1600];

/**
 * Publishes in batches, those of one subject in their order. A message that fails in a batch is tried alone, before
 * anything that comes after it; when all tries fail it goes to `deadLetter`. A sink that throws has taken nothing: when
 * all other lanes are through the caller repeats the whole, which is harmless, for a message keeps its id.
 */
export async function publishInBatches(ports: PublishPorts, events: readonly OutgoingEvent[]): Promise<void> {
  const lanes = Map.groupBy(events, (event) => ports.sink.laneOf?.(event) ?? '');
  const done = await Promise.allSettled([...lanes.values()].map((lane) => publishLane(ports, lane)));
  for (const lane of done) if (lane.status === 'rejected') throw lane.reason;
}

async function publishLane(ports: PublishPorts, events: readonly OutgoingEvent[]): Promise<void> {
  for (const batch of batchesOf(events, ports.sink)) {
    const { failed } = await ports.sink.publish(batch);
    if (failed.length === 0) continue;
    const byId = new Map(failed.map((failure) => [failure.id, failure]));
    for (const event of batch) {
      const failure = byId.get(event.id);
      if (failure !== undefined) await publishAlone(ports, event, failure);
    }
  }
}

async function publishAlone(ports: PublishPorts, event: OutgoingEvent, failure: FailedEvent): Promise<void> {
  let last = failure;
  for (const ms of TRIES_AFTER_MS) {
    if (!last.retryable) break;
    await new Promise<void>((done) => ports.clock.after(ms, done));
    const [failed] = (await ports.sink.publish([event])).failed;
    if (failed === undefined) return;
    last = failed;
  }
  await ports.deadLetter(event, last.reason);
}

/**
 * Cuts a list into batches. Where a batch can be taken in part, a subject is in it once: were its first message refused
 * and its second taken, they would arrive in the wrong order. What has to wait goes to the head of the next batch.
 */
export function* batchesOf(
  events: readonly OutgoingEvent[],
  { batchSize, keepsOrder }: Pick<EventSink, 'batchSize' | 'keepsOrder'>,
): Generator<OutgoingEvent[]> {
  if (keepsOrder) {
    for (let from = 0; from < events.length; from += batchSize) yield events.slice(from, from + batchSize);
    return;
  }
  let waiting: OutgoingEvent[] = [];
  let next = 0;
  while (waiting.length > 0 || next < events.length) {
    const batch: OutgoingEvent[] = [];
    const subjects = new Set<string>();
    const later: OutgoingEvent[] = [];
    const take = (event: OutgoingEvent) => {
      const mayGo = batch.length < batchSize && !subjects.has(event.subject);
      (mayGo ? batch : later).push(event);
      subjects.add(event.subject);
    };
    for (const event of waiting) take(event);
    // Reading on past a full row of waiting ones would only make the row longer.
    for (; next < events.length && batch.length < batchSize && later.length < batchSize; next += 1) {
      const event = events[next];
      if (event !== undefined) take(event);
    }
    waiting = later;
    yield batch;
  }
}
