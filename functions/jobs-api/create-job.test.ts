import { describe, expect, it } from 'vitest';
import { unimplemented } from '../../shared/contract/error.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob, PARENT } from './api-under-test.ts';

const REQUEST_ID = 'b6a1f3a2-4a49-4d57-9f52-1f2b8a6f0c11';

describe('jobs.create', () => {
  it('answers with the job as QUEUED, defaults and names filled in', async () => {
    const api = new ApiUnderTest(memoryStore());
    const { status, json } = await api.send('POST', `${PARENT}/jobs?job_id=j1`, aJob({ taskCount: 3 }));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      name: `${PARENT}/jobs/j1`,
      uid: expect.stringMatching(/^j1-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{5}$/),
      priority: '0',
      createTime: '2026-11-22T14:00:00.000000000Z',
      updateTime: '2026-11-22T14:00:00.000000000Z',
      allocationPolicy: {
        location: { allowedLocations: ['regions/us-central1'] },
        instances: [{ policy: { provisioningModel: 'STANDARD' } }],
      },
      status: {
        state: 'QUEUED',
        runDuration: '0s',
        statusEvents: [],
        taskGroups: {
          group0: { counts: { PENDING: '3' }, instances: [{ provisioningModel: 'STANDARD' }] },
        },
        resourceUsage: { coreHours: 0 },
      },
    });
    expect(json.taskGroups[0]).toMatchObject({
      name: `${PARENT}/jobs/j1/taskGroups/group0`,
      taskCount: '3',
      parallelism: '3',
      taskSpec: { computeResource: { cpuMilli: '2000', memoryMib: '2000' } },
    });
    expect((await api.send('GET', `${PARENT}/jobs/j1`)).json).toEqual(json);
  });

  it('makes up an id', async () => {
    const api = new ApiUnderTest(memoryStore());
    const { json } = await api.send('POST', `${PARENT}/jobs`, aJob());
    expect(json.name).toMatch(/^projects\/p1\/locations\/us-central1\/jobs\/j-[0-9a-f]{16}$/);
  });

  it('refuses a name that is taken, in its location only', async () => {
    const api = new ApiUnderTest(memoryStore());
    await api.create('j1');
    const again = await api.send('POST', `${PARENT}/jobs?jobId=j1`, aJob());
    expect(again.status).toBe(409);
    expect(again.json.error).toMatchObject({
      status: 'ALREADY_EXISTS',
      message: `Resource '${PARENT}/jobs/j1' already exists.`,
    });
    await api.create('j1', aJob(), 'projects/p1/locations/europe-west1');
    await api.create('j1', aJob(), 'projects/p2/locations/us-central1');
  });

  it('lets one of two at the same time win', async () => {
    const api = new ApiUnderTest(memoryStore());
    const path = `${PARENT}/jobs?jobId=j1`;
    const answers = await Promise.all([1, 2, 3].map(() => api.send('POST', path, aJob())));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('answers a repeated requestId with the first job, whatever else is asked', async () => {
    const api = new ApiUnderTest(memoryStore());
    const path = `${PARENT}/jobs?requestId=${REQUEST_ID}`;
    const first = await api.send('POST', `${path}&jobId=j1`, aJob());
    api.now += 59 * 60_000;
    const again = await api.send('POST', `${path}&jobId=j1`, aJob());
    expect(again.json.uid).toBe(first.json.uid);
    const other = await api.send('POST', `${path}&jobId=j2`, { not: 'a job' });
    expect(other.json.name).toBe(`${PARENT}/jobs/j1`);
    // A cancellation with the same id is another request.
    const cancel = await api.send('POST', `${PARENT}/jobs/j1:cancel`, { requestId: REQUEST_ID });
    expect(cancel.status).toBe(200);
    api.now += 60_000;
    const late = await api.send('POST', `${path}&jobId=j1`, aJob());
    expect(late.json.error.status).toBe('ALREADY_EXISTS');
  });

  it('makes one job of two equal requests at the same time', async () => {
    const api = new ApiUnderTest(memoryStore());
    const path = `${PARENT}/jobs?requestId=${REQUEST_ID}`;
    const answers = await Promise.all([1, 2].map(() => api.send('POST', path, aJob())));
    expect(new Set(answers.map(({ json }) => json.uid)).size).toBe(1);
  });

  it.each([
    { name: 'no task groups', body: {}, field: 'taskGroups' },
    { name: 'no body', body: undefined, field: '' },
    { name: 'too many tasks', body: aJob({ taskCount: 100_001 }), field: 'taskGroups[0].taskCount' },
    { name: 'a priority out of range', body: aJob({}, { priority: 100 }), field: 'priority' },
    { name: 'an unknown field', body: aJob({}, { prority: 1 }), field: 'prority' },
  ])('refuses $name', async ({ body, field }) => {
    const { status, json } = await new ApiUnderTest(memoryStore()).send('POST', `${PARENT}/jobs`, body);
    expect(status).toBe(400);
    expect(json.error.status).toBe('INVALID_ARGUMENT');
    expect(json.error.details[0].fieldViolations.map((one: { field: string }) => one.field)).toContain(field);
  });

  it.each([
    { name: 'a bad id', path: `${PARENT}/jobs?jobId=Job_1` },
    { name: 'a bad requestId', path: `${PARENT}/jobs?requestId=17` },
    { name: 'an unknown parameter', path: `${PARENT}/jobs?jobID=j1` },
    { name: 'all locations', path: 'projects/p1/locations/-/jobs' },
    { name: 'a bad project', path: 'projects/P1/locations/l/jobs' },
  ])('refuses $name', async ({ path }) => {
    const { json } = await new ApiUnderTest(memoryStore()).send('POST', path, aJob());
    expect(json.error.status).toBe('INVALID_ARGUMENT');
  });

  it('refuses dependencies on jobs that do not exist, or that are named already', async () => {
    const api = new ApiUnderTest(memoryStore());
    await api.create('first');
    const items = { first: 'SUCCEEDED', second: 'FAILED' };
    const again = { first: 'SUCCEEDED', [`${PARENT}/jobs/first`]: 'FINISHED' };
    const twice = await api.send('POST', `${PARENT}/jobs`, aJob({}, { dependencies: [{ items: again }] }));
    expect(twice.json.error.details[0].fieldViolations).toEqual([
      {
        field: `dependencies[0].items["${PARENT}/jobs/first"]`,
        description: `must name each job once; given '${PARENT}/jobs/first' again`,
      },
    ]);
    const refused = await api.send('POST', `${PARENT}/jobs`, aJob({}, { dependencies: [{ items }] }));
    expect(refused.json.error.details[0].fieldViolations).toEqual([
      {
        field: 'dependencies[0].items["second"]',
        description: `must name a job that exists; there is no '${PARENT}/jobs/second'`,
      },
    ]);
    await api.create('second');
    await api.create('third', aJob({}, { dependencies: [{ items }] }));
  });

  it('remembers what dependencies were that have ended already', async () => {
    const api = new ApiUnderTest(memoryStore());
    const first = await api.create('first');
    await api.changeJob(first, (job) => {
      Object.assign(job, { state: 'SUCCEEDED', outcome: 'SUCCEEDED', finishedAt: 1 });
    });
    await api.create('second');
    const items = { first: 'FINISHED', second: 'SUCCEEDED' };
    await api.create('third', aJob({}, { dependencies: [{ items }] }));
    expect((await api.send('GET', `${PARENT}/jobs/third/progress`)).json.dependencies).toEqual([
      { job: `${PARENT}/jobs/first`, need: 'FINISHED', verdict: 'MET', was: 'SUCCEEDED' },
      { job: `${PARENT}/jobs/second`, need: 'SUCCEEDED', verdict: 'OPEN' },
    ]);
    expect((await api.send('GET', `${PARENT}/jobs/first/progress`)).json.dependents).toEqual([
      `${PARENT}/jobs/third`,
    ]);
  });

  it('asks what the installation can do, and writes down what has no effect', async () => {
    const refusing = new ApiUnderTest(memoryStore(), {
      checkCapabilities: () => {
        throw unimplemented('taskGroups[0].requireHostsFile', 'there is one machine');
      },
    });
    const refused = await refusing.send('POST', `${PARENT}/jobs?jobId=j1`, aJob());
    expect(refused.status).toBe(501);
    expect((await refusing.send('GET', `${PARENT}/jobs/j1`)).status).toBe(404);

    const noting = new ApiUnderTest(memoryStore(), { capabilityNotes: () => ['Labels have no effect.'] });
    const { json } = await noting.send('POST', `${PARENT}/jobs`, aJob());
    expect(json.status.statusEvents).toEqual([
      {
        type: 'OPERATIONAL_INFO',
        description: 'Labels have no effect.',
        eventTime: '2026-11-22T14:00:00.000000000Z',
      },
    ]);
  });
});
