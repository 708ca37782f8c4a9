import { describe, expect, it } from 'vitest';
import { ApiError } from '../../shared/contract/error.ts';
import { FakeHost } from '../testing/fake-host.ts';
import { errorAnswer, type FakeAnswer, FakeService } from '../testing/fake-service.ts';
import { BatchClient } from './batch-client.ts';
import { Connection } from './connection.ts';
import { ServiceUnreachable } from './refusal.ts';

const parent = { project: 'local', location: 'us-central1' };
const job = { ...parent, jobId: 'my-job' };

/** Answers the given ones one after another, the last one for ever. */
function inTurn(answers: FakeAnswer[]) {
  let i = 0;
  return () => answers[Math.min(i++, answers.length - 1)];
}

function clientOf(service: FakeService, host: FakeHost): BatchClient {
  return new BatchClient(new Connection({ endpoint: service.endpoint, host }));
}

describe('a call that fails in passing', () => {
  it('is sent again with the same request id', async () => {
    const unavailable = errorAnswer(503, 'UNAVAILABLE', 'not now');
    await using service = await FakeService.start(inTurn(['drop', unavailable, { json: { name: 'n' } }]));
    const host = new FakeHost();
    expect(await clientOf(service, host).createJob(parent, { priority: 1 }, 'my-job')).toEqual({ name: 'n' });
    expect(service.requests).toHaveLength(3);
    expect(new Set(service.requests.map(({ query }) => query.requestId)).size).toBe(1);
    expect(service.requests[2]).toMatchObject({
      method: 'POST',
      path: 'projects/local/locations/us-central1/jobs',
      query: { jobId: 'my-job', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      body: { priority: 1 },
    });
    expect(host.slept).toEqual([50, 100]);
  });

  it('fails in the end with what the service said', async () => {
    await using service = await FakeService.start(inTurn([errorAnswer(503, 'UNAVAILABLE', 'not now')]));
    const failure = await clientOf(service, new FakeHost())
      .getJob(job)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ApiError', status: 'UNAVAILABLE', message: 'not now' });
    expect(service.requests.length).toBeGreaterThan(4);
  });

  it('is tried for longer by a patient connection', async () => {
    await using service = await FakeService.start(inTurn([...Array(12).fill('drop'), { json: {} }]));
    const patient = clientOf(service, new FakeHost()).connection.patient(60_000);
    await expect(new BatchClient(patient).getJob(job)).resolves.toEqual({});
  });
});

describe('a call that is refused', () => {
  it('is not sent again, and its violations arrive', async () => {
    const fieldViolations = [{ field: 'priority', description: 'must be from 0 to 99; given 100' }];
    const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }];
    const refusal = errorAnswer(400, 'INVALID_ARGUMENT', 'Invalid request.', details);
    await using service = await FakeService.start(inTurn([refusal]));
    const failure = await clientOf(service, new FakeHost())
      .createJob(parent, {})
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ status: 'INVALID_ARGUMENT', violations: fieldViolations });
    expect(service.requests).toHaveLength(1);
  });

  it('by something that is no Batch service is trouble with the service', async () => {
    await using service = await FakeService.start(() => ({ status: 404, json: '<html>' }));
    const failure = await clientOf(service, new FakeHost())
      .getJob(job)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServiceUnreachable);
    expect(String(failure)).toContain('answered HTTP 404');
  });
});

it('says why a service cannot be reached', async () => {
  const closed = await FakeService.start(() => undefined);
  const { endpoint } = closed;
  await closed[Symbol.asyncDispose]();
  const connection = new Connection({ endpoint, host: new FakeHost() });
  await expect(new BatchClient(connection).getJob(job)).rejects.toThrow(/^cannot reach .*ECONNREFUSED/);
});

it.each(['http://h:1', 'http://h:1/', 'http://h:1/v1', 'http://h:1/v1/'])(
  'takes %s for the same endpoint',
  (endpoint) => {
    expect(new Connection({ endpoint, host: new FakeHost() }).endpoint).toBe('http://h:1');
  },
);

it('asks for lists page by page', async () => {
  await using service = await FakeService.start(({ query }) =>
    query.pageToken === 'p2'
      ? { json: { jobs: [{ name: 'c' }] } }
      : { json: { jobs: [{ name: 'a' }, { name: 'b' }], nextPageToken: 'p2' } },
  );
  const names: (string | undefined)[] = [];
  for await (const jobs of clientOf(service, new FakeHost()).listJobs(parent, {
    filter: 'x=1',
    pageSize: 2,
  })) {
    names.push(...jobs.map(({ name }) => name));
  }
  expect(names).toEqual(['a', 'b', 'c']);
  expect(service.requests.map(({ query }) => query)).toEqual([
    { filter: 'x=1', pageSize: '2' },
    { filter: 'x=1', pageSize: '2', pageToken: 'p2' },
  ]);
});
