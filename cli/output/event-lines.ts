import type { StatusEvent } from '../../shared/contract/task.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Paint } from '../terminal/terminal.ts';
import { printable } from '../terminal/text-width.ts';
import { formatTime, timeMs } from './times.ts';

/** An event and whose it is: the job's own, or that of a task such as `group0/3`. */
export interface SourcedEvent extends StatusEvent {
  source?: string | undefined;
}

/** One line for an event as receivers have it: time, name, whose it is and why. */
export function messageLine({ attributes, subject, message }: OutgoingEvent, paint: Paint): string {
  if (typeof message === 'string') return printable(message);
  const [{ EventTime, EventName, Batch }] = message.Events;
  const [, ...part] = subject.split('/');
  const whose = paint('cyan', [attributes.JobId ?? '', ...part].join('/'));
  const reason = 'StateReason' in Batch ? (Batch.StateReason ?? '') : '';
  return `${formatTime(EventTime)}  ${paint('gray', EventName)}  ${whose}  ${printable(reason)}`.trimEnd();
}

/** Events in the order of their times; those without one come first, and equal ones stay as they were. */
export function inTimeOrder<E extends StatusEvent>(events: readonly E[]): E[] {
  return events.toSorted((a, b) => (timeMs(a.eventTime) ?? 0) - (timeMs(b.eventTime) ?? 0));
}

/** One line an event, oldest first: time, type, whose it is and what happened. */
export function eventLines(events: readonly SourcedEvent[], paint: Paint): string[] {
  return inTimeOrder(events).map((event) => {
    const source = event.source === undefined ? '' : `${paint('cyan', event.source)}  `;
    const type = paint('gray', event.type ?? '');
    return `${formatTime(event.eventTime)}  ${type}  ${source}${printable(event.description ?? '')}`.trimEnd();
  });
}
