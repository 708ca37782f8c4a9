import { expect, it } from 'vitest';
import { acceptJob } from '../../shared/contract/job-rules.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { expiryIndex, jobKey } from '../../shared/core/keys.ts';
import { countingStore } from '../../shared/testing/counting-store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { newJobWrites } from '../write-job.ts';
import { sweepJobs } from './sweep-jobs.ts';

const DAY_MS = 24 * 3600 * 1000;

function aJob(change: Partial<JobRecord>): JobRecord {
  const { job } = acceptJob({ taskGroups: [{ taskSpec: { runnables: [{ script: { text: ':' } }] } }] });
  const place = { project: 'p', location: 'l', jobId: 'job', spec: job, cpuGiven: [false] };
  const times = { createdAt: 0, updatedAt: 0, events: [], operations: [] };
  return { uid: 'job-1', state: 'QUEUED', ...place, ...times, ...change };
}

async function swept(job: JobRecord, now: number) {
  const store = memoryStore();
  await store.commit(newJobWrites(job));
  await sweepJobs({ store, clock: { now: () => now, after: () => () => undefined } });
  return (await store.get<JobRecord>(jobKey(job.uid)))?.body;
}

it.each([
  ['a job that waits is left alone for two days', aJob({}), 2 * DAY_MS - 1, 'QUEUED'],
  ['after two days it has failed', aJob({}), 2 * DAY_MS, 'FAILED'],
  [
    'a finished job is kept for sixty days',
    aJob({ state: 'SUCCEEDED', finishedAt: 5 }),
    60 * DAY_MS,
    'SUCCEEDED',
  ],
  ['and then deleted', aJob({ state: 'CANCELLED', finishedAt: 5 }), 60 * DAY_MS + 6, 'DELETION_IN_PROGRESS'],
  ['a job that runs is left alone', aJob({ state: 'RUNNING' }), 90 * DAY_MS, 'RUNNING'],
])('%s', async (_, job, now, state) => {
  expect((await swept(job, now))?.state).toBe(state);
});

it('keeps finished jobs for as long as the deployment says', async () => {
  const store = memoryStore();
  const job = aJob({ state: 'SUCCEEDED', finishedAt: 5 });
  await store.commit(newJobWrites(job));
  const sweepAt = (now: number) =>
    sweepJobs({ store, clock: { now: () => now, after: () => () => undefined }, retentionMs: DAY_MS });
  const state = async () => (await store.get<JobRecord>(jobKey(job.uid)))?.body.state;
  await sweepAt(DAY_MS);
  expect(await state()).toBe('SUCCEEDED');
  await sweepAt(DAY_MS + 6);
  expect(await state()).toBe('DELETION_IN_PROGRESS');
});

it('says in the event what the job waited for', async () => {
  const job = await swept(aJob({ waitingFor: 'waits for nodes: it wants 3' }), 2 * DAY_MS);
  expect(job?.events.at(-1)?.description).toBe(
    'Job state is set from QUEUED to FAILED for job projects/p/locations/l/jobs/job.Job failed because it was queued for more than 2 days. It waits for nodes: it wants 3.',
  );
});

it('forgets request ids and operations when their time has come', async () => {
  const store = memoryStore();
  for (const at of [10, 20]) {
    await store.commit([
      { pk: 'R', sk: String(at), body: {}, ifVersion: 0, index: expiryIndex(at, String(at)) },
    ]);
  }
  await sweepJobs({ store, clock: { now: () => 15, after: () => () => undefined } });
  expect(await store.get({ pk: 'R', sk: '10' })).toBeUndefined();
  expect(await store.get({ pk: 'R', sk: '20' })).toBeDefined();
});

it('finds a job that has waited too long behind hundreds that have not, of any priority', async () => {
  const store = memoryStore();
  const create = (change: Partial<JobRecord>, priority = 0) => {
    const job = aJob({ jobId: change.uid ?? 'job', ...change });
    return store.commit(newJobWrites({ ...job, spec: { ...job.spec, priority: String(priority) } }));
  };
  const open = [{ uid: 'other', name: 'other', need: 'FINISHED' as const }];
  for (let job = 0; job < 600; job += 1) await create({ uid: `young-${job}`, createdAt: DAY_MS }, 70);
  await create({ uid: 'old' }, 5);
  for (let job = 0; job < 600; job += 1)
    await create({ uid: `waiting-${job}`, createdAt: DAY_MS, dependencies: open }, 70);
  await create({ uid: 'old-waiting', dependencies: open });
  const { store: counted, counts } = countingStore(store);
  await sweepJobs({ store: counted, clock: ringingClock(() => 2 * DAY_MS) });
  const stateOf = async (uid: string) => (await store.get<JobRecord>(jobKey(uid)))?.body.state;
  expect(await stateOf('old')).toBe('FAILED');
  expect(await stateOf('old-waiting')).toBe('FAILED');
  expect(await stateOf('young-0')).toBe('QUEUED');
  // Two priorities in each of the two queues; of each the first job, and those that are too old.
  expect(counts).toMatchObject({ commits: 2, itemsRead: 6 });
});
