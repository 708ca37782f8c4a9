import { beforeEach, describe, expect, it } from 'vitest';
import { acceptJob } from '../../shared/contract/job-rules.ts';
import { PATIENCE_MS } from '../../shared/core/admission/admit.ts';
import type { CapacityUse } from '../../shared/core/admission/capacity-use.ts';
import type { UseLimits } from '../../shared/core/admission/use-limits.ts';
import { moveJob } from '../../shared/core/job/job-events.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import type { JobEvent } from '../../shared/core/job/job-states.ts';
import { capacityKey, HOLDS, holdKey, jobKey } from '../../shared/core/keys.ts';
import { ConflictError, type Store } from '../../shared/ports/store.ts';
import { countingStore } from '../../shared/testing/counting-store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { sweepCapacity } from '../sweep-jobs/sweep-capacity.ts';
import { jobWrite, newJobWrites } from '../write-job.ts';
import { admitJobs, type QueueNews } from './admit-jobs.ts';
import { advanceJobs } from './advance-jobs.ts';

const runnables = [{ script: { text: ':' } }];
const capacity = { nodeCores: 1, maxNodes: 10 };
let limits: UseLimits = { deployment: { nodes: 10 }, projects: {} };
let now = 0;
let store = memoryStore();
beforeEach(() => {
  limits = { deployment: { nodes: 10 }, projects: {} };
  now = 0;
  store = memoryStore();
});
const ports = (over: Store = store) => ({ store: over, clock: ringingClock(() => now), capacity, limits });

/** Writes a queued job of so many nodes, as jobs.create does. */
async function create(
  uid: string,
  nodes: number,
  change: Partial<JobRecord> = {},
  priority = 0,
): Promise<void> {
  const { job: spec } = acceptJob({ priority, taskGroups: [{ taskCount: nodes, taskSpec: { runnables } }] });
  const place = { project: 'p', location: 'l', jobId: uid, spec, cpuGiven: [false] };
  const times = { createdAt: now, updatedAt: now, events: [], operations: [] };
  await store.commit(newJobWrites({ uid, state: 'QUEUED', ...place, ...times, ...change }));
}

async function move(uid: string, ...events: JobEvent[]): Promise<void> {
  const item = await store.get<JobRecord>(jobKey(uid));
  if (item === undefined) throw new Error(`there is no ${uid}`);
  for (const event of events) moveJob(item.body, event, now);
  await store.commit([jobWrite(item)]);
}

const jobOf = async (uid: string) => (await store.get<JobRecord>(jobKey(uid)))?.body;
const scheduled = async () =>
  (await store.queryIndex<JobRecord>('index2', { pk: 'ACTIVE', limit: 100 }))
    .map(({ body }) => body.uid)
    .sort();
const used = async () => (await store.get<CapacityUse>(capacityKey))?.body.used.deployment?.nodes ?? 0;
const admit = (news?: QueueNews, over?: Store) => admitJobs(ports(over), news);

describe('admitJobs', () => {
  it('admits by priority, then by age, and keeps count of what is taken', async () => {
    await create('old', 4);
    now = 1;
    await create('young', 4);
    await create('urgent', 4, {}, 50);
    await admit();
    expect(await scheduled()).toEqual(['old', 'urgent']);
    expect(await used()).toBe(8);
    await move('urgent', 'task-started', 'tasks-succeeded');
    await admit({ ended: ['urgent'] });
    expect(await scheduled()).toEqual(['old', 'young']);
    expect(await used()).toBe(8);
  });

  it('gives nothing back twice', async () => {
    await create('a', 4);
    await admit();
    await move('a', 'failed');
    await admit({ ended: ['a', 'unknown'] });
    await admit({ ended: ['a'] });
    expect(await used()).toBe(0);
    expect((await store.get<CapacityUse>(capacityKey))?.body.used).toEqual({});
  });

  it('admits a hundred small jobs at once', async () => {
    limits = { deployment: { jobs: 1000 }, projects: {} };
    for (let job = 0; job < 100; job += 1) await create(`job-${job}`, 1);
    await admit();
    expect(await scheduled()).toHaveLength(100);
  });

  it('says once in the history what a job waits for, and its place', async () => {
    await create('large', 8);
    now = 1;
    await create('next', 4);
    now = 2;
    await create('after', 5);
    await admit();
    await admit();
    const said = 'waits for nodes: it wants 5 of 10 and 2 are free; it is number 2 in the queue';
    expect((await jobOf('after'))?.waitingFor).toBe(said);
    expect((await jobOf('after'))?.events.map(({ description }) => description)).toEqual([
      `The job ${said}.`,
    ]);
  });

  it('counts among those that wait, also when others pass', async () => {
    await create('running', 4);
    await admit();
    await create('large', 8);
    now = 1;
    for (const uid of ['small-1', 'small-2', 'small-3']) await create(uid, 2);
    await admit();
    expect(await scheduled()).toEqual(['running', 'small-1', 'small-2', 'small-3']);
    expect((await jobOf('large'))?.waitingFor).toContain('it is number 1 in the queue');
  });

  it('keeps room for a large job that has waited long', async () => {
    await create('running', 5);
    await admit();
    await create('large', 8);
    now = PATIENCE_MS;
    await create('small-1', 2);
    now += 1;
    await create('small-2', 2);
    await admit();
    expect(await scheduled()).toEqual(['running', 'small-1']);
    expect((await jobOf('small-2'))?.waitingFor).toContain('waits for room that is kept for large');
    await move('running', 'task-started', 'tasks-succeeded');
    await admit({ ended: ['running'] });
    expect(await scheduled()).toEqual(['large', 'small-1']);
  });

  it('finds jobs of another project behind hundreds of one that is at its limit', async () => {
    limits = { deployment: { nodes: 10 }, projects: { p: { jobs: 1 } } };
    for (let job = 0; job < 350; job += 1) await create(`p-${job}`, 1);
    now = 1;
    await create('q-1', 1, { project: 'q' });
    await admit();
    expect(await scheduled()).toEqual([expect.stringMatching(/^p-/), 'q-1']);
  });

  it('sees jobs that an index which lags does not have, and passes over those that it still has', async () => {
    await create('fresh', 4);
    await create('gone', 4);
    const before = await store.queryIndex<JobRecord>('index2', { pk: 'QUEUED', limit: 10 });
    await move('gone', 'cancel-requested');
    const lagging: Store = {
      ...store,
      queryIndex: async () => before.filter(({ body }) => body.uid === 'gone') as never,
    };
    await admit({ fresh: ['fresh'] }, lagging);
    expect((await jobOf('fresh'))?.state).toBe('SCHEDULED');
    expect((await jobOf('gone'))?.state).toBe('CANCELLATION_IN_PROGRESS');
    expect(await used()).toBe(4);
  });

  it('judges a job as it is now, and not as the index had it before it was given more tasks', async () => {
    await create('grown', 2);
    await create('small', 3);
    const before = await store.queryIndex<JobRecord>('index2', { pk: 'QUEUED', limit: 10 });
    const item = await store.get<JobRecord>(jobKey('grown'));
    if (item === undefined) throw new Error('there is no job');
    item.body.spec = {
      taskGroups: [{ ...item.body.spec.taskGroups?.[0], taskCount: '8', parallelism: '8' }],
    };
    await store.commit([jobWrite(item)]);
    await admit({}, { ...store, queryIndex: async () => before as never });
    const held = await store.get<{ amounts: { nodes: number } }>(holdKey('grown'));
    expect(held?.body.amounts.nodes).toBe(8);
    expect(held?.body.amounts).toEqual((await jobOf('grown'))?.demand?.amounts);
    expect(await used()).toBe(8);
  });

  it('does not give the same room to two who look at the same time', async () => {
    await create('a', 6);
    await create('b', 6);
    await Promise.all([admit(), admit(), admit()]);
    expect(await scheduled()).toHaveLength(1);
    expect(await used()).toBe(6);
  });

  it('takes nothing when the commit fails, and all when it holds', async () => {
    await create('a', 6);
    let fail = true;
    const failing: Store = {
      ...store,
      commit: async (writes) => {
        if (fail) throw new Error('down');
        await store.commit(writes);
      },
    };
    await expect(admit({}, failing)).rejects.toThrow('down');
    expect(await used()).toBe(0);
    fail = false;
    await admit({}, failing);
    expect(await used()).toBe(6);
  });

  it('reads a few small records, however many jobs run', async () => {
    limits = { deployment: { nodes: 10_000 }, projects: {} };
    for (let job = 0; job < 200; job += 1) await create(`running-${job}`, 1);
    await admit();
    await create('next', 1);
    const { store: counted, counts } = countingStore(store);
    await admit({}, counted);
    // The sum; the one job in the queue, by the index and by its key.
    expect((await jobOf('next'))?.state).toBe('SCHEDULED');
    expect(counts).toMatchObject({ itemsRead: 3, queries: 1, commits: 1 });
  });
});

describe('through the change feed', () => {
  const nothing = async () => undefined;
  const workflow = { start: nothing, stageEnded: nothing, groupReady: nothing, groupEnded: nothing };
  async function settle(): Promise<void> {
    for (
      let changes = await store.changes(0, 100);
      changes.length > 0;
      changes = await store.changes(0, 100)
    ) {
      await advanceJobs({ ...ports(), random: () => 0.5, workflow }, changes);
      await advanceJobs({ ...ports(), random: () => 0.5, workflow }, changes);
      await store.forgetChanges(changes.at(-1)?.seq ?? 0);
    }
  }

  it('what a job took is given back when it ends, and of a deleted one when it is gone', async () => {
    await create('a', 10);
    await settle();
    now = 1;
    await create('b', 10);
    await settle();
    expect(await scheduled()).toEqual(['a']);
    await move('a', 'delete-requested');
    await settle();
    expect(await used()).toBe(10);
    const gone = await store.get(jobKey('a'));
    await store.commit([{ ...jobKey('a'), remove: true, ifVersion: gone?.version ?? 0 }]);
    await settle();
    expect((await jobOf('b'))?.state).toBe('SCHEDULED');
    await move('b', 'failed');
    await settle();
    expect(await used()).toBe(0);
  });
});

describe('sweepCapacity', () => {
  it('takes back what jobs hold that have ended, and has those take that run without', async () => {
    await create('ended', 3);
    await create('gone', 2);
    await admit();
    await move('ended', 'failed');
    const gone = await store.get(jobKey('gone'));
    await store.commit([{ ...jobKey('gone'), remove: true, ifVersion: gone?.version ?? 0 }]);
    await create('earlier', 4, { state: 'RUNNING' });
    await sweepCapacity(ports());
    expect((await store.query({ pk: HOLDS, limit: 10 })).map(({ sk }) => sk)).toEqual(['earlier']);
    expect(await used()).toBe(4);
  });

  it('puts a wrong sum right', async () => {
    await create('a', 3);
    await admit();
    const taken = await store.get<CapacityUse>(capacityKey);
    await store.commit([
      { ...capacityKey, body: { used: {}, reserved: {} }, ifVersion: taken?.version ?? 0 },
    ]);
    await sweepCapacity(ports());
    expect(await used()).toBe(3);
  });

  it('leaves a sum alone that has changed meanwhile, and looks again', async () => {
    await create('a', 3);
    await admit();
    let conflicts = 1;
    const busy: Store = {
      ...store,
      commit: async (writes) => {
        if (conflicts-- > 0) throw new ConflictError('another writer');
        await store.commit(writes);
      },
    };
    const taken = await store.get<CapacityUse>(capacityKey);
    await store.commit([
      { ...capacityKey, body: { used: {}, reserved: {} }, ifVersion: taken?.version ?? 0 },
    ]);
    await sweepCapacity(ports(busy));
    expect(await used()).toBe(3);
  });
});
