import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob, PARENT } from '../jobs-api/api-under-test.ts';
import { handleRequest } from '../jobs-api/routes.ts';
import { apiEvent, requestOf, responseOf } from './api-event.ts';

/** An event as the gateway sends it, with more in it than is read. */
function anEvent(given: object) {
  return apiEvent.parse({
    resource: '/v1/projects/{project}/locations/{location}/{resource+}',
    path: `/v1/${PARENT}/jobs`,
    httpMethod: 'GET',
    headers: { Accept: 'application/json' },
    multiValueHeaders: { Accept: ['application/json'], 'X-Seen-By': ['a', 'b'] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { project: 'p1', location: 'us-central1', resource: 'jobs' },
    requestContext: { stage: 'prod' },
    body: null,
    isBase64Encoded: false,
    ...given,
  });
}

const api = new ApiUnderTest(memoryStore());
const answer = async (given: object) => {
  const response = responseOf(await handleRequest(api.deps, requestOf(anEvent(given))));
  return { ...response, json: JSON.parse(response.body) };
};

describe('requestOf', () => {
  it('has header names in lower case, and all values of one', () => {
    expect(requestOf(anEvent({})).headers).toEqual({ accept: 'application/json', 'x-seen-by': 'a, b' });
  });

  it.each([
    ['v1', `/${PARENT}/jobs`, `/v1/${PARENT}/jobs`],
    ['v1alpha', `/${PARENT}/jobs`, `/v1alpha/${PARENT}/jobs`],
    ['prod', `/v1alpha/${PARENT}/jobs`, `/v1alpha/${PARENT}/jobs`],
  ])('has the version, be it the stage or not: %s', (stage, path, expected) => {
    expect(requestOf(anEvent({ path, requestContext: { stage } })).path).toBe(expected);
  });

  it('has all values of a parameter', () => {
    const { query } = requestOf(
      anEvent({ multiValueQueryStringParameters: { a: ['1', '2'], filter: ['x=y z'] } }),
    );
    expect(query.getAll('a')).toEqual(['1', '2']);
    expect(query.get('filter')).toBe('x=y z');
  });

  it.each([
    { name: 'as text', body: '{"grüß":"dich"}', isBase64Encoded: false },
    { name: 'in base64', body: Buffer.from('{"grüß":"dich"}').toString('base64'), isBase64Encoded: true },
  ])('takes a body that comes $name', ({ body, isBase64Encoded }) => {
    expect(requestOf(anEvent({ body, isBase64Encoded })).body).toBe('{"grüß":"dich"}');
  });

  it('knows no body from an empty one', () => {
    expect(requestOf(anEvent({ body: null })).body).toBeUndefined();
    expect(requestOf(anEvent({ body: '' })).body).toBe('');
  });
});

describe('an event answered by the API', () => {
  it('creates a job, and cancels it by its custom verb, encoded or not', async () => {
    for (const [at, colon] of [':', '%3A'].entries()) {
      const multiValueQueryStringParameters = { jobId: [`job-${at}`] };
      const body = JSON.stringify(aJob());
      const created = await answer({ httpMethod: 'POST', multiValueQueryStringParameters, body });
      expect(created.statusCode).toBe(200);
      const path = `/v1/${PARENT}/jobs/job-${at}${colon}cancel`;
      const cancelled = await answer({ httpMethod: 'POST', path, body: '{}' });
      expect(cancelled.json.metadata.verb).toBe('cancel');
    }
  });

  it('answers errors in the form of the API', async () => {
    const { statusCode, headers, json } = await answer({ path: `/v1/${PARENT}/jobs/none` });
    expect(statusCode).toBe(404);
    expect(headers['content-type']).toContain('application/json');
    expect(json.error.status).toBe('NOT_FOUND');
  });

  it('is refused when it is of another form', () => {
    expect(apiEvent.safeParse({ version: '2.0', rawPath: '/v1' }).success).toBe(false);
  });
});
