import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../shared/ports/store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob, PARENT } from './api-under-test.ts';

const JOB = `${PARENT}/jobs/j1`;

async function withJob(): Promise<ApiUnderTest> {
  const api = new ApiUnderTest(memoryStore());
  await api.create('j1');
  return api;
}

describe('handleRequest', () => {
  it('writes and reads enums as numbers for clients that ask for it', async () => {
    const api = await withJob();
    const query = '$alt=json%3Benum-encoding=int&$prettyPrint=0';
    const { json, text } = await api.send('GET', `${JOB}?${query}`);
    expect(json.status.state).toBe(1);
    expect(json.allocationPolicy.instances[0].policy.provisioningModel).toBe(1);
    expect(text).not.toContain('\n');
    const body = aJob({}, { allocationPolicy: { instances: [{ policy: { provisioningModel: 3 } }] } });
    const created = await api.send('POST', `${PARENT}/jobs?${query}&jobId=j2`, body);
    expect(created.json.allocationPolicy.instances[0].policy.provisioningModel).toBe(3);
    const named = await api.send('GET', `${PARENT}/jobs/j2`);
    expect(named.json.allocationPolicy.instances[0].policy.provisioningModel).toBe('PREEMPTIBLE');
    const { json: tasks } = await api.send(
      'GET',
      `${JOB}/taskGroups/group0/tasks?$alt=json;enum-encoding=int`,
    );
    expect(tasks.tasks[0].status.state).toBe(1);
  });

  it('indents unless asked not to', async () => {
    const api = await withJob();
    expect((await api.send('GET', JOB)).text).toMatch(/^\{\n {2}"name"/);
    expect((await api.send('GET', `${JOB}?prettyPrint=false`)).text).toMatch(/^\{"name"/);
  });

  it.each([
    ['GET', `/v1alpha/${JOB}`],
    ['GET', 'projects/p1/locations'],
    ['GET', PARENT],
    ['POST', `${JOB}:cancel`],
    ['POST', `${JOB}%3Acancel`],
    ['POST', `${JOB}%3acancel`],
    ['POST', `${PARENT}/state:report`],
    ['POST', `/v1alpha/${PARENT}/state%3Areport`],
  ])('serves %s %s', async (method, path) => {
    expect((await (await withJob()).send(method, path)).status).toBe(200);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/v2/projects/p1/locations'],
    ['GET', '/v1'],
    ['GET', `/v1/${JOB}/`],
    ['GET', `/v1/${JOB}/runs`],
    ['POST', `${JOB}:pause`],
    ['GET', 'projects%2Fp1/locations'],
    ['GET', `${PARENT}%2Fjobs`],
  ])('does not know %s %s', async (method, path) => {
    const { status, json } = await (await withJob()).send(method, path);
    expect(status).toBe(404);
    expect(json.error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
  });

  it.each([
    ['%6a', 'j'],
    ['%2D', '-'],
    ['%7E', '~'],
  ])('refuses %s in a path, for policies that name paths know one form only', async (encoded, plain) => {
    const { status, json } = await (await withJob()).send('GET', `${PARENT}/jobs/${encoded}x`);
    expect(status).toBe(400);
    expect(json.error.message).toContain(`the path must have ${plain} in place of ${encoded}`);
  });

  it.each([
    ['PUT', JOB, 'GET, PATCH, DELETE'],
    ['GET', `${JOB}:cancel`, 'POST'],
    ['DELETE', `${PARENT}/jobs`, 'POST, GET'],
  ])('does not allow %s %s', async (method, path, allow) => {
    const { status, json, headers } = await (await withJob()).send(method, path);
    expect(status).toBe(405);
    expect(headers.allow).toBe(allow);
    expect(json.error.message).toContain(`allowed: ${allow}`);
  });

  it.each([
    ['POST', `${PARENT}/resourceAllowances`, 'resourceAllowances.create'],
    ['GET', `/v1alpha/${PARENT}/resourceAllowances`, 'resourceAllowances.list'],
    ['PATCH', `${PARENT}/resourceAllowances/a`, 'resourceAllowances.patch'],
    ['GET', `${JOB}:getIamPolicy`, 'getIamPolicy'],
    ['POST', `${JOB}:setIamPolicy`, 'setIamPolicy'],
    ['POST', `${JOB}:testIamPermissions`, 'testIamPermissions'],
  ])('says of %s %s that it is not implemented', async (method, path, name) => {
    const { status, json } = await (await withJob()).send(method, path, method === 'GET' ? undefined : {});
    expect(status).toBe(501);
    expect(json.error.status).toBe('UNIMPLEMENTED');
    expect(json.error.message).toContain(name);
  });

  it('says where a body stops being JSON', async () => {
    const api = new ApiUnderTest(memoryStore());
    const { json } = await api.send('POST', `${PARENT}/jobs`, '{\n  "taskGroups": [,]\n}');
    expect(json.error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: 'Invalid request: the body is no JSON: unexpected "," at line 2, column 18 (character 20).',
    });
    const cut = await api.send('POST', `${PARENT}/jobs`, '{"taskGroups": [');
    expect(cut.json.error.message).toContain('it ends too early at line 1, column 17 (character 17)');
  });

  it('refuses bodies of more than a megabyte, but not of reports', async () => {
    const api = new ApiUnderTest(memoryStore());
    const body = JSON.stringify({ padding: 'x'.repeat(1024 * 1024) });
    const { json } = await api.send('POST', `${PARENT}/jobs`, body);
    expect(json.error.status).toBe('INVALID_ARGUMENT');
    expect(json.error.message).toContain('1048576');
    expect((await api.send('POST', `${PARENT}/state:report`, body)).status).toBe(200);
  });

  it('hands reports on with their headers and answers without indentation', async () => {
    const calls: unknown[] = [];
    const api = new ApiUnderTest(memoryStore(), {
      reportState: async (...call) => {
        calls.push(call);
        return { tasks: [{ task: 't', intendedState: 'DELETED' }], minReportInterval: '1s' };
      },
    });
    const headers = { authorization: 'Bearer t' };
    const { text } = await api.send('POST', `${PARENT}/state:report`, { agentInfo: {} }, headers);
    expect(calls).toEqual([[PARENT, headers, { agentInfo: {} }]]);
    expect(text).toBe('{"tasks":[{"task":"t","intendedState":"DELETED"}],"minReportInterval":"1s"}');
    const int = await api.send('POST', `${PARENT}/state:report?$alt=json;enum-encoding=int`, {}, headers);
    expect(int.json.tasks[0].intendedState).toBe(3);
  });

  it('tells nothing of an error of its own and logs it', async () => {
    const store = memoryStore();
    store.get = async () => {
      throw new Error('password=hunter2');
    };
    const api = new ApiUnderTest(store);
    const { status, text, json } = await api.send('GET', JOB);
    expect(status).toBe(500);
    expect(json.error.status).toBe('INTERNAL');
    expect(text).not.toContain('hunter2');
    expect(api.errors).toHaveLength(1);
  });

  it('answers ABORTED when other writers never let it through', async () => {
    const api = await withJob();
    api.store.commit = async () => {
      throw new ConflictError('again');
    };
    const { status, json } = await api.send('POST', `${JOB}:cancel`);
    expect(status).toBe(409);
    expect(json.error.status).toBe('ABORTED');
    expect(api.errors).toHaveLength(0);
  });

  it.each(['alt=proto', '$prettyPrint=maybe', 'nosuch=1'])('refuses ?%s', async (query) => {
    const { json } = await (await withJob()).send('GET', `${JOB}?${query}`);
    expect(json.error.status).toBe('INVALID_ARGUMENT');
  });

  it('shows the locations that it is set up with, and takes any other', async () => {
    const api = new ApiUnderTest(memoryStore());
    const { json } = await api.send('GET', 'projects/p1/locations');
    expect(json.locations.map(({ name }: { name: string }) => name)).toEqual([
      PARENT,
      'projects/p1/locations/europe-west1',
    ]);
    const other = await api.send('GET', 'projects/p1/locations/mars-north1');
    expect(other.json).toMatchObject({ locationId: 'mars-north1' });
    expect((await api.send('GET', 'projects/p1/locations/-')).status).toBe(404);
    expect((await api.send('GET', 'projects/p1/locations/Mars')).status).toBe(400);
  });
});
