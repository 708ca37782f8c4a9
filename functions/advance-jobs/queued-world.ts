import { acceptJob } from '../../shared/contract/job-rules.ts';
import type { RequiredState } from '../../shared/core/job/dependencies.ts';
import { moveJob } from '../../shared/core/job/job-events.ts';
import type { JobHead, JobRecord } from '../../shared/core/job/job-record.ts';
import type { JobEvent } from '../../shared/core/job/job-states.ts';
import { dependentKey, jobKey, wakeKey } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { purgeJob } from '../finish-job/purge-job.ts';
import { jobWrite, newJobWrites } from '../write-job.ts';
import { advanceJobs } from './advance-jobs.ts';
import { isReady } from './read-queue.ts';
import { tellDependents, tellMore } from './tell-dependents.ts';

const { job: spec } = acceptJob({ taskGroups: [{ taskSpec: { runnables: [{ script: { text: ':' } }] } }] });
const clock: Clock = {
  now: () => 5000,
  after(_, then) {
    queueMicrotask(then);
    return () => undefined;
  },
};
const nothing = async () => undefined;
const workflow = { start: nothing, stageEnded: nothing, groupReady: nothing, groupEnded: nothing };

/** For tests: jobs that wait for each other and for room, over a store, with the change feed and without nodes. */
export class QueuedWorld {
  readonly store: Store;
  readonly #ports;

  constructor(store: Store) {
    this.store = store;
    const room = { capacity: { nodeCores: 1, maxNodes: 100_000 }, limits: { deployment: {}, projects: {} } };
    this.#ports = { store, clock, random: () => 0.5, workflow, ...room };
  }

  /** Writes a queued job that waits for others, as jobs.create does. */
  async create(uid: string, after: Record<string, RequiredState> = {}): Promise<void> {
    const name = (of: string) => `projects/p/locations/l/jobs/${of}`;
    const dependencies = Object.entries(after).map(([of, need]) => ({ uid: of, name: name(of), need }));
    const job: JobRecord = {
      ...{ uid, project: 'p', location: 'l', jobId: uid, spec, state: 'QUEUED', cpuGiven: [false] },
      ...{ createdAt: 0, updatedAt: 0, events: [], operations: [], dependencies },
    };
    const edges = dependencies.map((one) => ({
      ...dependentKey(one.uid, uid),
      body: { uid, name: name(uid) },
      ifVersion: 0,
    }));
    await this.store.commit([...newJobWrites(job), ...edges]);
  }

  async move(uid: string, ...events: JobEvent[]): Promise<void> {
    for (const event of events) {
      const item = await this.store.get<JobHead>(jobKey(uid));
      if (item === undefined) throw new Error(`there is no ${uid}`);
      moveJob(item.body, event, clock.now());
      await this.store.commit([jobWrite(item)]);
    }
  }

  /** Takes a job that has been admitted to its good end. */
  run(uid: string): Promise<void> {
    return this.move(uid, 'task-started', 'tasks-succeeded');
  }

  /** Consumes the feed until it is empty. */
  async settle(): Promise<void> {
    for (let changes = await this.store.changes(0, 500); changes.length > 0; ) {
      await advanceJobs(this.#ports, changes);
      await this.store.forgetChanges(changes.at(-1)?.seq ?? 0);
      changes = await this.store.changes(0, 500);
    }
  }

  /** The same where commits fail now and then, as if the consumer had died; returns how often. */
  async settleInSpiteOfDeaths(): Promise<number> {
    for (let deaths = 0; ; deaths += 1) {
      try {
        await this.settle();
        return deaths;
      } catch (error) {
        if (deaths > 1_000) throw error;
      }
    }
  }

  async forgetChanges(): Promise<void> {
    await this.store.forgetChanges(Number.MAX_SAFE_INTEGER);
  }

  /** Tells all who wait for a job, step by step as the feed would; returns how many steps there were. */
  async tell(uid: string): Promise<number> {
    const item = await this.store.get<JobHead>(jobKey(uid));
    if (item === undefined) throw new Error(`there is no ${uid}`);
    await tellDependents(this.#ports, item.body);
    let steps = 1;
    for (; (await this.store.get(wakeKey(uid))) !== undefined; steps += 1) await tellMore(this.#ports, uid);
    return steps;
  }

  async purge(uid: string): Promise<void> {
    const item = await this.store.get<JobHead>(jobKey(uid));
    const nowhere = async () => ({ entries: [], cursor: '' });
    const logs = { delayMs: 0, read: nowhere, tail: async () => [], remove: nothing };
    if (item !== undefined) await purgeJob({ store: this.store, clock, logs }, item.body);
  }

  async stateOf(uid: string): Promise<string | undefined> {
    return (await this.store.get<JobHead>(jobKey(uid)))?.body.state;
  }

  async isReady(uid: string): Promise<boolean> {
    return isReady((await this.store.get<JobHead>(jobKey(uid)))?.body);
  }
}
