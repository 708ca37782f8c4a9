import { describe, expect, it } from 'vitest';
import { moveJob } from '../../shared/core/job/job-events.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob, aNode, PARENT, START } from './api-under-test.ts';

async function status(api: ApiUnderTest, jobId: string) {
  return (await api.send('GET', `${PARENT}/jobs/${jobId}`)).json.status;
}

describe('jobs.get', () => {
  it('counts the tasks in the seats, and what the seats leave out as PENDING', async () => {
    const api = new ApiUnderTest(memoryStore());
    const uid = await api.create('j1', aJob({ taskCount: 10, parallelism: 2, taskCountPerNode: 1 }));
    await api.plan(uid, 2);
    expect(await status(api, 'j1')).toMatchObject({
      taskGroups: { group0: { counts: { PENDING: '10' }, instances: [{ taskPack: '1' }] } },
    });
    await api.changeSeat(uid, 0, (seat) => {
      seat.node = aNode;
      seat.unstarted = [[4, 3, 2]];
      seat.active = [
        { index: 0, attempt: 0, recorded: false, assignedAt: START, startedAt: START, runnable: 1 },
        { index: 2, attempt: 0, recorded: false, assignedAt: START, runnable: 0 },
      ];
    });
    // As when a task moved while the seats were read: seat 1 should have 5.
    await api.changeSeat(uid, 1, (seat) => {
      seat.unstarted = [[3, 3, 2]];
      seat.ended.succeeded = 1;
    });
    expect((await status(api, 'j1')).taskGroups.group0).toEqual({
      counts: { RUNNING: '1', ASSIGNED: '1', SUCCEEDED: '1', PENDING: '7' },
      instances: [{ machineType: 'local', provisioningModel: 'STANDARD', taskPack: '1' }],
    });
  });

  it('knows run time and core hours while the job runs, and after its end from the record', async () => {
    const api = new ApiUnderTest(memoryStore());
    const uid = await api.create('j1', aJob({ taskCount: 2, taskCountPerNode: 2 }));
    await api.plan(uid);
    await api.changeJob(uid, (job) => moveJob(job, 'task-started', START));
    await api.changeSeat(uid, 0, (seat) => {
      seat.nodeSince = START;
      seat.pastNodeMs = 1_800_000;
    });
    api.now += 1_800_000;
    // Two slots of 2000 thousandths of a core each for an hour.
    expect(await status(api, 'j1')).toMatchObject({
      state: 'RUNNING',
      runDuration: '1800s',
      resourceUsage: { coreHours: 4 },
    });
    await api.changeJob(uid, (job) => {
      moveJob(job, 'failed', api.now, { suffix: 'Job failed.', exitCode: 3 });
      const counts = { PENDING: 0, ASSIGNED: 0, RUNNING: 0, SUCCEEDED: 1, FAILED: 1, UNEXECUTED: 0 };
      job.final = { group0: { counts, taskPack: 2, coreHours: 4.5 } };
    });
    api.now += 60_000;
    const ended = await status(api, 'j1');
    expect(ended).toMatchObject({
      state: 'FAILED',
      runDuration: '1800s',
      taskGroups: { group0: { counts: { SUCCEEDED: '1', FAILED: '1' }, instances: [{ taskPack: '2' }] } },
      resourceUsage: { coreHours: 4.5 },
    });
    expect(ended.statusEvents.at(-1)).toEqual({
      type: 'STATUS_CHANGED',
      description: `Job state is set from RUNNING to FAILED for job ${PARENT}/jobs/j1.Job failed.`,
      eventTime: '2026-11-22T14:30:00.000000000Z',
      taskExecution: { exitCode: 3 },
    });
  });

  it('shows the tasks of a job that was cancelled before its plan as UNEXECUTED', async () => {
    const api = new ApiUnderTest(memoryStore());
    const uid = await api.create('j1', aJob({ taskCount: 4 }));
    await api.changeJob(uid, (job) => {
      job.state = 'CANCELLED';
      job.final = {};
    });
    expect((await status(api, 'j1')).taskGroups.group0.counts).toEqual({ UNEXECUTED: '4' });
  });

  it.each([
    `${PARENT}/jobs/none`,
    'projects/p2/locations/us-central1/jobs/j1',
    'projects/p1/locations/-/jobs/j1',
  ])('does not find %s', async (name) => {
    const api = new ApiUnderTest(memoryStore());
    await api.create('j1');
    const { status: code, json } = await api.send('GET', name);
    expect(code).toBe(404);
    expect(json.error).toMatchObject({ status: 'NOT_FOUND', message: `Resource '${name}' was not found.` });
  });
});
