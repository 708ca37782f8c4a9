import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { admitJobs } from '../advance-jobs/admit-jobs.ts';
import { ApiUnderTest, aJob, PARENT } from './api-under-test.ts';

const room = {
  capacity: { nodeCores: 1, maxNodes: 10 },
  limits: { deployment: { nodes: 10 }, projects: { p2: { nodes: 2 } } },
};
const nodes = (taskCount: number) => aJob({ taskCount, taskCountPerNode: 1 });

async function waitsFor(api: ApiUnderTest, jobId: string): Promise<unknown> {
  return (await api.send('GET', `${PARENT}/jobs/${jobId}/progress`)).json.waitingFor;
}

describe('the progress of a queued job', () => {
  it('says what the job waits for and its place, as they are now', async () => {
    const api = new ApiUnderTest(memoryStore(), room);
    await api.create('first', nodes(8));
    await admitJobs(api.deps);
    for (const jobId of ['large', 'next', 'last']) {
      api.now += 1;
      await api.create(jobId, nodes(5));
    }
    expect(await waitsFor(api, 'large')).toBe(
      'waits for nodes: it wants 5 of 10 and 2 are free; it is number 1 in the queue',
    );
    expect(await waitsFor(api, 'last')).toContain('it is number 3 in the queue');
    api.now += 1;
    await api.create('urgent', { ...nodes(5), priority: '70' });
    expect(await waitsFor(api, 'last')).toContain('it is number 4 in the queue');
    await api.send('POST', `${PARENT}/jobs/next:cancel`, {});
    expect(await waitsFor(api, 'last')).toContain('it is number 3 in the queue');
    api.now += 10 * 60_000;
    await api.create('small', nodes(2));
    await api.create('medium', nodes(5));
    expect(await waitsFor(api, 'medium')).toContain('waits for nodes');
  });

  it('says nothing of a place when there is room', async () => {
    const api = new ApiUnderTest(memoryStore(), room);
    await api.create('only', nodes(3));
    expect(await waitsFor(api, 'only')).toBe('waits to be admitted');
  });
});

describe('a job that can never fit', () => {
  const sideBySide = (groups: number) =>
    ({ taskGroups: Array.from({ length: groups }, () => aJob().taskGroups?.[0]) }) as object;

  it.each([
    [
      'more groups at once than there are nodes',
      PARENT,
      11,
      'the job needs at least 11 nodes at once, and may have 10',
    ],
    [
      'more than its project may have',
      'projects/p2/locations/us-central1',
      3,
      'the job needs at least 3 nodes at once, and may have 2',
    ],
  ])('is refused with the number: %s', async (_, parent, groups, message) => {
    const api = new ApiUnderTest(memoryStore(), room);
    const { status, json } = await api.send('POST', `${parent}/jobs?jobId=j1`, sideBySide(groups));
    expect(status).toBe(400);
    expect(json.error.status).toBe('INVALID_ARGUMENT');
    expect(JSON.stringify(json.error)).toContain(message);
    expect((await api.send('GET', `${parent}/jobs/j1`)).status).toBe(404);
  });

  it('is none that only wants more than there is', async () => {
    const api = new ApiUnderTest(memoryStore(), room);
    expect((await api.send('POST', `${PARENT}/jobs?jobId=j1`, nodes(5_000))).status).toBe(200);
    expect((await api.send('POST', `${PARENT}/jobs?jobId=j2`, sideBySide(10))).status).toBe(200);
  });
});
