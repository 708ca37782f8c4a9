import type { OutgoingEvent } from '../../ports/event-sink.ts';

/** A message at the place where it went: a subject has an order of its own at each topic. */
export const placeOf = ({ subject, topic = '' }: OutgoingEvent) => `${topic} ${subject}`;

/** What was told, each message once, by place: what a receiver has that drops repeats by their ids. */
export function firstTold(events: readonly OutgoingEvent[]): Map<string, string[]> {
  const told = new Map<string, string[]>();
  for (const event of events) {
    const ids = told.get(placeOf(event)) ?? [];
    if (!ids.includes(event.id)) told.set(placeOf(event), [...ids, event.id]);
  }
  return told;
}
