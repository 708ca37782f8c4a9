import { publishInBatches } from '../../functions/publish-events/publish-in-batches.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { EventSink, OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { type EventLog, eventIn } from './event-log.ts';
import type { KeptPosition } from './kept-position.ts';
import type { LogPosition } from './log-position.ts';

/** Somebody who is to have events, for as long as it takes. */
export interface Receiver {
  /** For the log. */
  readonly name: string;
  readonly sink: EventSink;
  /** Where one that is new begins. */
  readonly begin: LogPosition;
  /** Whether a line is for this receiver; it is not parsed otherwise. */
  wants(line: string): boolean;
}

export interface DeliveryPorts {
  readonly log: EventLog;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Takes a message that the receiver refuses, so that it blocks no other. */
  readonly putAside: (receiver: string, event: OutgoingEvent, reason: string) => Promise<void>;
  readonly say: (line: string) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Hands the log of events to one receiver, from its own place on, until `signal` is aborted. Its place is kept when it has
 * taken a chunk of the log, so that whatever kills this process repeats a chunk at most and loses nothing. A receiver that
 * is not there is tried again and again, less and less often until it takes something; nobody else waits for it, and the log waits on disk.
 */
export async function deliverEvents(
  receiver: Receiver,
  kept: KeptPosition,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<void> {
  const { log } = ports;
  let position: LogPosition = kept.read() ?? receiver.begin;
  // A loss of power can have taken the end of the log: that day is told from its beginning then.
  if (!(await log.isPlace(position))) position = { ...position, length: 0 };
  kept.write(position);
  while (!signal.aborted) {
    const lines = await log.read(position, signal);
    const last = lines.at(-1);
    if (last === undefined) return;
    const events = lines.filter(({ text }) => receiver.wants(text)).map(eventIn);
    if (events.length > 0 && !(await deliver(receiver, events, ports, signal))) return;
    position = last.position;
    kept.write(position);
  }
}

/** Resolves with true when all is taken or put aside, and with false when there is no more time for it. */
async function deliver(
  { sink, name }: Receiver,
  events: readonly OutgoingEvent[],
  { clock, random, putAside, say }: DeliveryPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const deadLetter = (event: OutgoingEvent, reason: string) => putAside(name, event, reason);
  /** Of these events: what is repeated after a failure is no sign of life. */
  const taken = new Set<string>();
  let failures = 0;
  const told: EventSink = {
    batchSize: sink.batchSize,
    keepsOrder: sink.keepsOrder,
    async publish(batch) {
      const answer = await sink.publish(batch);
      const isProgress = batch.some(({ id }) => !taken.has(id));
      for (const { id } of batch) taken.add(id);
      if (failures > 0 && isProgress) {
        say(`${name} takes events again`);
        failures = 0;
      }
      return answer;
    },
  };
  for (;;) {
    try {
      await publishInBatches({ sink: told, clock, deadLetter }, events);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (failures === 0) say(`${name} cannot be told of events, and is tried again: ${String(error)}`);
      await pause(clock, pauseMs(failures, random()), signal);
      failures += 1;
      if (signal.aborted) return false;
    }
  }
}

/** Doubles up to a minute; a random part of it, so that many do not come at once. */
export function pauseMs(failures: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 20)) * (0.5 + random / 2);
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
    function end() {
      cancel();
      signal.removeEventListener('abort', end);
      done();
    }
  });
}
