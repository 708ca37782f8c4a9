import type { JobNotification } from '../../contract/notification.ts';
import { type EventContext, eventsOfStep } from '../../core/events/events-of-change.ts';
import { FeedMemory } from '../../core/events/feed-memory.ts';
import { tellingOrder } from '../../core/events/feed-order.ts';
import { type JobFacts, jobFacts } from '../../core/events/job-facts.ts';
import { notificationsOfStep } from '../../core/events/notifications-of-change.ts';
import { kindOf } from '../../core/events/record-change.ts';
import { stepsOfChange } from '../../core/events/steps-of-change.ts';
import type { OutgoingEvent } from '../../ports/event-sink.ts';
import type { SampleHistory } from './sample-history.ts';

/** What a history is read with from its beginning: the job as it became, all seats, and whatever a change told the next. */
export function contextOf(history: SampleHistory, job: JobFacts = jobFacts(history.job)): EventContext {
  const memory = new FeedMemory();
  for (const change of history.changes) {
    const kind = kindOf(change);
    if (kind === 'seat' || kind === 'task') memory.note(change);
  }
  return { job: () => job, seats: () => history.seats, memory, wantsTasks: () => true };
}

/** All that a history tells, single tasks too, for a job with those notifications. */
export function outgoingOf(
  history: SampleHistory,
  notifications: readonly JobNotification[] = [],
): OutgoingEvent[] {
  const context = contextOf(history, { ...jobFacts(history.job), notifications });
  return tellingOrder(history.changes)
    .flatMap((change) => stepsOfChange(change, context))
    .flatMap((step) => [...eventsOfStep(step, context), ...notificationsOfStep(step, context)]);
}
