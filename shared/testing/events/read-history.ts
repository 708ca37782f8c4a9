import type { EventContext } from '../../core/events/events-of-change.ts';
import { FeedMemory } from '../../core/events/feed-memory.ts';
import { type JobFacts, jobFacts } from '../../core/events/job-facts.ts';
import { kindOf } from '../../core/events/record-change.ts';
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
