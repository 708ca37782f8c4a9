import { describe, expect, it } from 'vitest';
import { indices } from '../../shared/core/index-runs.ts';
import { type JobStateName, jobStateNames } from '../../shared/core/job/job-states.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob, PARENT } from './api-under-test.ts';

const JOB = `${PARENT}/jobs/j1`;
const PATH = `/v1alpha/${JOB}?updateMask=taskGroups`;
const to = (taskCount: unknown) => ({ taskGroups: [{ taskCount }] });

async function apiWith(group: object = { taskCount: 3 }): Promise<{ api: ApiUnderTest; uid: string }> {
  const api = new ApiUnderTest(memoryStore());
  return { api, uid: await api.create('j1', aJob(group)) };
}

describe('jobs.patch', () => {
  it('raises the number of tasks before the plan and passes over all else', async () => {
    const { api } = await apiWith();
    api.now += 1000;
    const body = {
      ...to(5),
      priority: 7,
      labels: 'nonsense',
      taskGroups: [{ taskCount: 5, parallelism: 99 }],
    };
    const { json } = await api.send('PATCH', PATH, body);
    expect(json).toMatchObject({
      priority: '0',
      updateTime: '2026-11-22T14:00:01.000000000Z',
      taskGroups: [{ taskCount: '5', parallelism: '3' }],
      status: { taskGroups: { group0: { counts: { PENDING: '5' } } } },
    });
  });

  it('gives the new tasks of a planned job to its seats', async () => {
    const { api, uid } = await apiWith({ taskCount: 6, taskCountPerNode: 2 });
    await api.plan(uid, 3);
    await api.changeSeat(uid, 2, (seat) => {
      seat.state = 'STOPPED';
    });
    const { json } = await api.send('PATCH', `${JOB}?update_mask=task_groups`, {
      task_groups: [{ task_count: '11' }],
    });
    expect(json.status.taskGroups.group0.counts).toEqual({ PENDING: '11' });
    const unstarted = await Promise.all(
      [0, 1, 2].map(async (seat) => [...indices((await api.readSeat(uid, seat)).unstarted)]),
    );
    expect(unstarted).toEqual([
      [0, 3, 6, 8, 10],
      [1, 4, 7, 9],
      [2, 5],
    ]);
    const { json: tasks } = await api.send('GET', `${JOB}/taskGroups/group0/tasks`);
    expect(tasks.tasks).toHaveLength(11);
  });

  it('leaves the last seats out when a commit cannot hold more', async () => {
    const api = new ApiUnderTest(memoryStore({ maxWrites: 10 }));
    const uid = await api.create('j1', aJob({ taskCount: 20, taskCountPerNode: 1 }));
    await api.plan(uid, 20);
    await api.send('PATCH', PATH, to(36));
    const seats = await Promise.all(Array.from({ length: 20 }, (_, seat) => api.readSeat(uid, seat)));
    const all = seats.flatMap(({ unstarted }) => [...indices(unstarted)]).sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 36 }, (_, index) => index));
  });

  it.each(jobStateNames)('of a job that is %s', async (state: JobStateName) => {
    const { api, uid } = await apiWith();
    await api.changeJob(uid, (job) => {
      job.state = state;
    });
    const { json } = await api.send('PATCH', PATH, to(4));
    const isLive = ['QUEUED', 'SCHEDULED', 'RUNNING'].includes(state);
    expect(json.error?.status).toBe(isLive ? undefined : 'FAILED_PRECONDITION');
  });

  it('changes nothing when the number is the same', async () => {
    const { api } = await apiWith();
    const before = await api.send('GET', JOB);
    api.now += 1000;
    expect((await api.send('PATCH', PATH, to(3))).json).toEqual(before.json);
  });

  it.each([
    { name: 'fewer tasks', body: to(2) },
    { name: 'too many tasks', body: to(100_001) },
    { name: 'no number', body: to('many') },
    { name: 'no groups', body: { taskGroups: [] } },
    { name: 'no body', body: undefined },
    { name: 'another mask', body: to(4), path: `/v1alpha/${JOB}?updateMask=priority` },
    { name: 'no mask', body: to(4), path: `/v1alpha/${JOB}` },
  ])('refuses $name', async ({ body, path = PATH }) => {
    const { api } = await apiWith();
    expect((await api.send('PATCH', path, body)).json.error.status).toBe('INVALID_ARGUMENT');
  });

  it('refuses a group with taskEnvironments, and one that is at its end', async () => {
    const environments = await apiWith({ taskEnvironments: [{}, {}] });
    expect((await environments.api.send('PATCH', PATH, to(3))).json.error.status).toBe('INVALID_ARGUMENT');

    for (const end of [{ endedAt: 1 }, { stop: { kind: 'FAIL_FAST', task: 0 } }]) {
      const { api, uid } = await apiWith();
      await api.plan(uid);
      await api.changeGroup(uid, (group) => Object.assign(group, end));
      expect((await api.send('PATCH', PATH, to(4))).json.error.status).toBe('FAILED_PRECONDITION');
    }
  });
});
