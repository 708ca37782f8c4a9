import { type EventContext, eventsOfStep } from '../../shared/core/events/events-of-change.ts';
import { FeedMemory } from '../../shared/core/events/feed-memory.ts';
import { tellingOrder } from '../../shared/core/events/feed-order.ts';
import type { JobFacts } from '../../shared/core/events/job-facts.ts';
import {
  notificationsOfStep,
  wantsTaskNotifications,
} from '../../shared/core/events/notifications-of-change.ts';
import { jobUidOf, kindOf } from '../../shared/core/events/record-change.ts';
import { stepsOfChange } from '../../shared/core/events/steps-of-change.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Change, Store } from '../../shared/ports/store.ts';
import { loadSeats } from '../load-job.ts';
import { KnownJobs } from './known-jobs.ts';
import { type PublishPorts, publishInBatches } from './publish-in-batches.ts';

export interface PublishEventsPorts extends PublishPorts {
  readonly store: Store;
  /** Whether events of a job's single tasks are published to the deployment's own receivers: they are many. */
  readonly publishesTasks: (job: JobFacts) => boolean;
  /** What the feed says of the order of changes: that of all commits (default), or only that of each item's. */
  readonly feed?: 'ordered' | 'ordered by item';
}

/**
 * Consumes the change feed: whatever a change of a record tells is published. It is done with a batch when the sink has
 * all of it; a batch that comes again gives the same messages under the same ids.
 *
 * It reads the store for two things that a change does not hold: the facts of a job that it has not seen created, and the
 * seats of a group that has ended. Where a job is removed sooner than its feed is read, what hangs on these is not told.
 */
export class EventPublisher {
  readonly #ports: PublishEventsPorts;
  readonly #jobs: KnownJobs;
  readonly #memory = new FeedMemory();

  constructor(ports: PublishEventsPorts) {
    this.#ports = ports;
    this.#jobs = new KnownJobs(ports.store);
  }

  async consume(changes: readonly Change[]): Promise<void> {
    const events = await this.#outgoing(changes);
    if (events.length > 0) await publishInBatches(this.#ports, events);
    this.#memory.end();
  }

  async #outgoing(changes: readonly Change[]): Promise<OutgoingEvent[]> {
    await this.#jobs.learn(changes);
    const context: EventContext = {
      job: (uid) => this.#jobs.get(uid),
      seats: await this.#seatsOfEnded(changes),
      memory: this.#memory,
      repeatsBeginnings: this.#ports.feed === 'ordered by item',
      wantsTasks: (job) => this.#wantsTasks(job),
      publishesTasks: this.#ports.publishesTasks,
    };
    const told = this.#prepare(changes);
    const events: OutgoingEvent[] = [];
    for (const change of tellingOrder(told)) {
      for (const step of stepsOfChange(change, context)) {
        events.push(...eventsOfStep(step, context), ...notificationsOfStep(step, context));
      }
    }
    return events;
  }

  #wantsTasks(job: JobFacts): boolean {
    return this.#ports.publishesTasks(job) || wantsTaskNotifications(job);
  }

  /** Leaves out, by their keys, the changes that tell nothing, and remembers of the others what some tell each other. */
  #prepare(changes: readonly Change[]): Change[] {
    this.#memory.begin();
    return changes.filter((change) => {
      const kind = kindOf(change);
      if (kind !== 'seat' && kind !== 'task') return kind !== 'other';
      const job = this.#jobs.get(jobUidOf(change));
      if (job === undefined) return false;
      if (!this.#wantsTasks(job)) return kind === 'seat';
      this.#memory.note(change);
      return true;
    });
  }

  async #seatsOfEnded(changes: readonly Change[]): Promise<EventContext['seats']> {
    const seats = new Map<string, SeatRecord[]>();
    for (const group of endedGroups(changes)) {
      const found = await loadSeats(this.#ports.store, group);
      seats.set(
        placeOf(group.jobUid, group.groupId),
        found.map(({ body }) => body),
      );
    }
    return (jobUid, groupId) => seats.get(placeOf(jobUid, groupId));
  }
}

function endedGroups(changes: readonly Change[]): GroupRecord[] {
  return changes
    .filter((change) => kindOf(change) === 'group')
    .map((change) => change.after as GroupRecord | undefined)
    .filter((group): group is GroupRecord => group?.endedAt !== undefined);
}

function placeOf(jobUid: string, groupId: string): string {
  return `${jobUid}/${groupId}`;
}
