import { describe, expect, it } from 'vitest';
import { type JobStateName, jobStateNames } from '../../shared/core/job/job-states.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { finishJob } from '../finish-job/finish-job.ts';
import { ApiUnderTest, PARENT } from './api-under-test.ts';

const JOB = `${PARENT}/jobs/j1`;
const REQUEST_ID = 'b6a1f3a2-4a49-4d57-9f52-1f2b8a6f0c11';

async function aJobIn(state: JobStateName): Promise<{ api: ApiUnderTest; uid: string }> {
  const api = new ApiUnderTest(memoryStore());
  const uid = await api.create('j1');
  await api.changeJob(uid, (job) => {
    job.state = state;
  });
  return { api, uid };
}

const stateOf = async (api: ApiUnderTest) => (await api.send('GET', JOB)).json.status?.state;

describe('jobs.cancel', () => {
  const outcomes: Record<JobStateName, 'accepted' | 'done' | 'refused'> = {
    QUEUED: 'accepted',
    SCHEDULED: 'accepted',
    RUNNING: 'accepted',
    SUCCEEDED: 'refused',
    FAILED: 'refused',
    CANCELLATION_IN_PROGRESS: 'refused',
    CANCELLED: 'done',
    DELETION_IN_PROGRESS: 'refused',
  };

  it.each(jobStateNames)('of a job that is %s', async (state) => {
    const { api } = await aJobIn(state);
    const { status, json } = await api.send('POST', `${JOB}:cancel`, {});
    if (outcomes[state] === 'refused') {
      expect(status).toBe(400);
      expect(json.error.status).toBe('FAILED_PRECONDITION');
      expect(json.error.message).toContain(JOB);
      expect(await stateOf(api)).toBe(state);
      return;
    }
    expect(json).toMatchObject({
      name: expect.stringMatching(/^projects\/p1\/locations\/us-central1\/operations\/operation-/),
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.batch.v1.OperationMetadata',
        target: JOB,
        verb: 'cancel',
        apiVersion: 'v1',
        createTime: '2026-11-22T14:00:00.000000000Z',
        requestedCancellation: false,
      },
      done: outcomes[state] === 'done',
    });
    expect(await stateOf(api)).toBe(outcomes[state] === 'done' ? state : 'CANCELLATION_IN_PROGRESS');
    expect((await api.send('GET', json.name)).json).toEqual(json);
  });

  it('writes the event that clients match, and its operation is done when the job is CANCELLED', async () => {
    const { api, uid } = await aJobIn('SCHEDULED');
    const { json: operation } = await api.send('POST', `/v1alpha/${JOB}%3Acancel`);
    expect(operation.metadata.apiVersion).toBe('v1alpha');
    const { json: job } = await api.send('GET', JOB);
    expect(job.status.statusEvents.at(-1).description).toBe(
      `Job state is set from SCHEDULED to CANCELLATION_IN_PROGRESS for job ${JOB}.`,
    );
    api.now += 1000;
    await finishJob(api.deps, uid);
    expect((await api.send('GET', operation.name)).json).toMatchObject({
      done: true,
      response: { '@type': 'type.googleapis.com/google.cloud.batch.v1.CancelJobResponse' },
      metadata: { endTime: '2026-11-22T14:00:01.000000000Z' },
    });
    expect(await stateOf(api)).toBe('CANCELLED');
  });

  it('gives the same operation for the same requestId', async () => {
    const { api } = await aJobIn('RUNNING');
    const first = await api.send('POST', `${JOB}:cancel`, { requestId: REQUEST_ID });
    const again = await api.send('POST', `${JOB}:cancel`, { request_id: REQUEST_ID });
    expect(again.json).toEqual(first.json);
    const other = await api.send('POST', `${JOB}:cancel`);
    expect(other.json.error.status).toBe('FAILED_PRECONDITION');
  });

  it('lets one of two at the same time win', async () => {
    const { api } = await aJobIn('RUNNING');
    const answers = await Promise.all([1, 2].map(() => api.send('POST', `${JOB}:cancel`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });
});

describe('jobs.delete', () => {
  it.each(jobStateNames)('of a job that is %s', async (state) => {
    const { api } = await aJobIn(state);
    const { json } = await api.send('DELETE', `${JOB}?reason=no+longer+wanted`);
    if (state === 'DELETION_IN_PROGRESS') return expect(json.error.status).toBe('FAILED_PRECONDITION');
    expect(json).toMatchObject({ done: false, metadata: { verb: 'delete', target: JOB } });
    const { json: job } = await api.send('GET', JOB);
    expect(job.status.state).toBe('DELETION_IN_PROGRESS');
    expect(job.status.statusEvents).toMatchObject([
      { type: 'OPERATIONAL_INFO', description: 'Deletion requested: no longer wanted' },
      {
        type: 'STATUS_CHANGED',
        description: `Job state is set from ${state} to DELETION_IN_PROGRESS for job ${JOB}.`,
      },
    ]);
  });

  it('is done when nothing is left of the job; the same requestId still gives the operation', async () => {
    const { api, uid } = await aJobIn('SUCCEEDED');
    const path = `${JOB}?requestId=${REQUEST_ID}`;
    const { json } = await api.send('DELETE', path);
    await finishJob(api.deps, uid);
    expect((await api.send('GET', JOB)).status).toBe(404);
    const { json: ended } = await api.send('GET', json.name);
    expect(ended).toMatchObject({
      done: true,
      response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
    });
    expect((await api.send('DELETE', path)).json).toEqual(ended);
    expect((await api.send('DELETE', JOB)).status).toBe(404);
    expect(await api.create('j1')).not.toBe(uid);
  });
});

describe('operations', () => {
  it('are listed page by page, filtered, called off in name only, and forgotten', async () => {
    const api = new ApiUnderTest(memoryStore());
    for (const jobId of ['a', 'b', 'c']) {
      await api.create(jobId);
      await api.send('DELETE', `${PARENT}/jobs/${jobId}`);
      api.now += 1;
    }
    const first = await api.send('GET', `${PARENT}/operations?pageSize=2`);
    const second = await api.send(
      'GET',
      `${PARENT}/operations?pageSize=2&pageToken=${first.json.nextPageToken}`,
    );
    const targets = [...first.json.operations, ...second.json.operations].map(
      ({ metadata }) => metadata.target,
    );
    expect(targets).toEqual(['a', 'b', 'c'].map((jobId) => `${PARENT}/jobs/${jobId}`));
    expect(second.json).not.toHaveProperty('nextPageToken');

    const filter = encodeURIComponent('done=false AND metadata.target:jobs/b');
    const { json: found } = await api.send('GET', `${PARENT}/operations?filter=${filter}`);
    expect(found.operations).toHaveLength(1);

    const { name } = found.operations[0];
    expect((await api.send('POST', `${name}:cancel`, {})).json).toEqual({});
    expect((await api.send('GET', name)).json).toMatchObject({
      done: false,
      metadata: { requestedCancellation: true },
    });
    expect((await api.send('DELETE', name)).json).toEqual({});
    for (const method of ['GET', 'DELETE']) {
      const { json } = await api.send(method, name);
      expect(json.error).toMatchObject({ status: 'NOT_FOUND', message: `Resource '${name}' was not found.` });
    }
  });
});
