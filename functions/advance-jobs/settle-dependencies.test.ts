import { beforeEach, describe, expect, it } from 'vitest';
import { acceptJob } from '../../shared/contract/job-rules.ts';
import type { RequiredState } from '../../shared/core/job/dependencies.ts';
import { moveJob } from '../../shared/core/job/job-events.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import type { JobEvent } from '../../shared/core/job/job-states.ts';
import { dependentKey, jobIndex, jobKey } from '../../shared/core/keys.ts';
import type { Change, Item } from '../../shared/ports/store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { newJobWrites } from '../write-job.ts';
import { advanceJobs } from './advance-jobs.ts';

const clock = ringingClock(() => 5000);
const nothing = async () => undefined;
const workflow = { start: nothing, stageEnded: nothing, groupReady: nothing, groupEnded: nothing };
const { job: spec } = acceptJob({ taskGroups: [{ taskSpec: { runnables: [{ script: { text: ':' } }] } }] });
let store = memoryStore();
let started: string[] = [];
beforeEach(() => {
  store = memoryStore();
  started = [];
});

const nameOf = (uid: string) => `projects/p/locations/l/jobs/${uid}`;

/** Writes a queued job that waits for others, as jobs.create does. */
async function create(uid: string, after: Record<string, RequiredState> = {}): Promise<void> {
  const dependencies = Object.entries(after).map(([other, need]) => ({
    uid: other,
    name: nameOf(other),
    need,
  }));
  const body: JobRecord = {
    ...{ uid, project: 'p', location: 'l', jobId: uid, spec, state: 'QUEUED', cpuGiven: [false] },
    ...{ createdAt: 0, updatedAt: 0, events: [], operations: [], dependencies },
  };
  const edges = dependencies.map((one) => ({
    ...dependentKey(one.uid, uid),
    body: { uid, name: nameOf(uid) },
    ifVersion: 0,
  }));
  await store.commit([...newJobWrites(body), ...edges]);
}

/** Moves a job along its states, as its run would. */
async function move(uid: string, ...events: JobEvent[]): Promise<void> {
  for (const event of events) {
    const item = (await store.get<JobRecord>(jobKey(uid))) as Item<JobRecord>;
    moveJob(item.body, event, 1000);
    await store.commit([
      { ...jobKey(uid), body: item.body, ifVersion: item.version, index: jobIndex(item.body) },
    ]);
  }
}

/** Consumes the feed until it is empty. */
async function settle(): Promise<void> {
  const capacity = { nodeCores: 1, maxNodes: 100_000 };
  const ports = {
    store,
    clock,
    random: Math.random,
    capacity,
    limits: { deployment: {}, projects: {} },
    workflow: { ...workflow, start: async (uid: string) => void started.push(uid) },
  };
  for (
    let changes: Change[] = await store.changes(0, 500);
    changes.length > 0;
    changes = await store.changes(0, 500)
  ) {
    await advanceJobs(ports, changes);
    await store.forgetChanges(changes.at(-1)?.seq ?? 0);
  }
}

const jobOf = async (uid: string) => (await store.get<JobRecord>(jobKey(uid)))?.body;
const stateOf = async (uid: string) => (await jobOf(uid))?.state;
const succeed: JobEvent[] = ['task-started', 'tasks-succeeded'];

describe('a job that depends on another', () => {
  it('is not scheduled before that job is as it has to be, and says what it waits for', async () => {
    await create('first');
    await create('second', { first: 'SUCCEEDED' });
    await settle();
    expect(await stateOf('second')).toBe('QUEUED');
    expect((await jobOf('second'))?.waitingFor).toBe(`waits for ${nameOf('first')} to be SUCCEEDED`);
    expect((await jobOf('second'))?.events.at(-1)?.description).toBe(
      `The job waits for ${nameOf('first')} to be SUCCEEDED.`,
    );
    await move('first', ...succeed);
    await settle();
    expect(await stateOf('second')).toBe('SCHEDULED');
  });

  it.each<[RequiredState, JobEvent[], string]>([
    ['SUCCEEDED', succeed, 'SCHEDULED'],
    ['FAILED', succeed, 'FAILED'],
    ['FINISHED', succeed, 'SCHEDULED'],
    ['SUCCEEDED', ['failed'], 'FAILED'],
    ['FAILED', ['failed'], 'SCHEDULED'],
    ['FINISHED', ['failed'], 'SCHEDULED'],
    ['FINISHED', ['cancel-requested', 'resources-freed'], 'FAILED'],
    ['FINISHED', ['delete-requested'], 'FAILED'],
    ['SUCCEEDED', [...succeed, 'delete-requested'], 'SCHEDULED'],
  ])('that has to be %s and takes %j becomes %s', async (need, events, state) => {
    await create('first');
    await create('second', { first: need });
    await settle();
    await move('first', ...events);
    await settle();
    expect(await stateOf('second')).toBe(state);
  });

  it('fails at once, without being scheduled, and names the job that is the cause', async () => {
    await create('first');
    await create('other');
    await create('second', { first: 'SUCCEEDED', other: 'FINISHED' });
    await settle();
    await move('first', 'failed');
    await settle();
    expect((await jobOf('second'))?.events.map((event) => event.description).at(-1)).toBe(
      `Job state is set from QUEUED to FAILED for job ${nameOf('second')}.Job failed because ${nameOf('first')}, which had to be SUCCEEDED before it, is FAILED.`,
    );
    expect(started).not.toContain('second');
  });

  it('whose dependency ended before it was created is scheduled at once', async () => {
    await create('first');
    await settle();
    await move('first', ...succeed);
    await settle();
    await create('second', { first: 'FINISHED' });
    await settle();
    expect(await stateOf('second')).toBe('SCHEDULED');
  });

  it('remembers what a dependency was, whatever becomes of it later', async () => {
    await create('first');
    await create('other');
    await create('second', { first: 'SUCCEEDED', other: 'SUCCEEDED' });
    await settle();
    await move('first', ...succeed);
    await settle();
    await move('first', 'delete-requested');
    await settle();
    const gone = await store.get(jobKey('first'));
    await store.commit([{ ...jobKey('first'), remove: true, ifVersion: gone?.version ?? 0 }]);
    await move('other', ...succeed);
    await settle();
    expect(await stateOf('second')).toBe('SCHEDULED');
  });
});

describe('many jobs', () => {
  it('in a diamond are scheduled in its order', async () => {
    await create('top');
    await create('left', { top: 'SUCCEEDED' });
    await create('right', { top: 'SUCCEEDED' });
    await create('bottom', { left: 'SUCCEEDED', right: 'SUCCEEDED' });
    await settle();
    for (const uid of ['top', 'left', 'right']) {
      expect(await stateOf('bottom')).toBe('QUEUED');
      await move(uid, ...succeed);
      await settle();
    }
    expect(await stateOf('bottom')).toBe('SCHEDULED');
  });

  it('in a chain of 1,000 fail one after another when the first does', async () => {
    await create('job-0');
    for (let at = 1; at < 1000; at += 1) await create(`job-${at}`, { [`job-${at - 1}`]: 'SUCCEEDED' });
    await settle();
    await move('job-0', 'failed');
    await settle();
    expect(await stateOf('job-999')).toBe('FAILED');
  });

  it('that wait for one are found without a look at those that do not', async () => {
    await create('first');
    for (let at = 0; at < 1200; at += 1)
      await create(`after-${at}`, at % 2 === 0 ? { first: 'SUCCEEDED' } : {});
    await settle();
    await move('first', ...succeed);
    await settle();
    expect(await stateOf('after-0')).toBe('SCHEDULED');
    expect(await stateOf('after-1198')).toBe('SCHEDULED');
  });
});
