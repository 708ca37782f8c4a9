import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { type EventFilter, isAskedFor } from './event-filter.ts';
import { type EventLog, eventIn } from './event-log.ts';
import type { LogPosition } from './log-position.ts';

/** An event, and the place to go on from after it. */
export interface Followed {
  readonly event: OutgoingEvent;
  readonly position: LogPosition;
}

/** What a filter asks for, chunk by chunk as it is written, until `signal` is aborted. Who is slow holds up nobody. */
export async function* followEvents(
  log: EventLog,
  filter: EventFilter,
  from: LogPosition,
  signal: AbortSignal,
): AsyncGenerator<Followed[]> {
  let position = from;
  while (!signal.aborted) {
    const lines = await log.read(position, signal);
    position = lines.at(-1)?.position ?? position;
    const found = lines
      .map((line) => ({ event: eventIn(line), position: line.position }))
      .filter(({ event }) => isAskedFor(filter, event));
    if (found.length > 0) yield found;
  }
}
