import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { FakeHost } from './testing/fake-host.ts';
import { fakeJob, PARENT } from './testing/fake-job.ts';
import { FakeLocalParts } from './testing/fake-local-parts.ts';
import { type Answerer, errorAnswer, FakeService } from './testing/fake-service.ts';

/** Runs one command line against a fake service. */
async function sluice(line: string, answer: Answerer = () => undefined, stdin = '') {
  await using service = await FakeService.start(answer);
  const host = new FakeHost();
  host.env.SLUICE_ENDPOINT = service.endpoint;
  host.stdin = stdin;
  const code = await runCli(line.split(' ').filter(Boolean), host, new FakeLocalParts(answer));
  return { code, out: host.out.text, err: host.err.text, requests: service.requests };
}

describe('what a command line asks the service for', () => {
  const jobs = `${PARENT}/jobs`;
  it.each([
    { line: 'jobs list', method: 'GET', path: jobs, query: {} },
    { line: 'jobs list --location -', method: 'GET', path: 'projects/local/locations/-/jobs', query: {} },
    {
      line: 'jobs list --project p --filter status.state=FAILED --limit 5',
      method: 'GET',
      path: 'projects/p/locations/us-central1/jobs',
      query: { filter: 'status.state=FAILED', pageSize: '5' },
    },
    {
      line: 'jobs list --sort-by ~createTime --page-size 9',
      method: 'GET',
      path: jobs,
      query: { orderBy: 'create_time desc', pageSize: '9' },
    },
    { line: 'jobs list --order-by name', method: 'GET', path: jobs, query: { orderBy: 'name' } },
    { line: 'jobs describe j1 --format json', method: 'GET', path: `${jobs}/j1`, query: {} },
    {
      line: 'jobs describe projects/p/locations/l/jobs/j2 --format json',
      method: 'GET',
      path: 'projects/p/locations/l/jobs/j2',
      query: {},
    },
    {
      line: 'jobs submit --config - j1',
      method: 'POST',
      path: jobs,
      query: { jobId: 'j1', requestId: expect.any(String) },
    },
    {
      line: 'jobs submit --config - --job-prefix nightly',
      method: 'POST',
      path: jobs,
      query: { jobId: 'nightly-20261122-140000', requestId: expect.any(String) },
    },
    { line: 'jobs cancel j1 --async', method: 'POST', path: `${jobs}/j1:cancel`, query: {} },
    {
      line: 'jobs delete j1 --async --reason old',
      method: 'DELETE',
      path: `${jobs}/j1`,
      query: { reason: 'old', requestId: expect.any(String) },
    },
    { line: 'tasks list --job j1', method: 'GET', path: `${jobs}/j1/taskGroups/group0/tasks`, query: {} },
    {
      line: 'tasks list --job j1/align --filter state=FAILED',
      method: 'GET',
      path: `${jobs}/j1/taskGroups/align/tasks`,
      query: { filter: 'state=FAILED' },
    },
    {
      line: 'tasks list --job j1 --task-group align',
      method: 'GET',
      path: `${jobs}/j1/taskGroups/align/tasks`,
      query: {},
    },
    {
      line: 'tasks list --job j1 --group align',
      method: 'GET',
      path: `${jobs}/j1/taskGroups/align/tasks`,
      query: {},
    },
    {
      line: 'tasks describe 3 --job j1',
      method: 'GET',
      path: `${jobs}/j1/taskGroups/group0/tasks/3`,
      query: {},
    },
    {
      line: 'tasks describe j1/align/3',
      method: 'GET',
      path: `${jobs}/j1/taskGroups/align/tasks/3`,
      query: {},
    },
    { line: 'events j1', method: 'GET', path: `${jobs}/j1`, query: {} },
  ])('$line', async ({ line, method, path, query }) => {
    const { requests, code, err } = await sluice(line, () => ({ json: {} }), '{"taskGroups":[]}');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(requests).toMatchObject([{ method, path }]);
    expect(requests[0]?.query).toEqual(query);
  });
});

describe('a wrong command line exits with 2 and says what is wrong', () => {
  it.each([
    { line: 'jobs describe', says: "missing required argument 'job'" },
    { line: 'jobs submit', says: "required option '--config <file>' not specified" },
    { line: 'jobs submit --config - --job-prefix a b', says: 'either a job id or --job-prefix' },
    { line: 'jobs list --limit 0', says: 'must be a whole number from 1 on' },
    { line: 'jobs list --format csv', says: 'Allowed choices are table, json, yaml' },
    { line: 'jobs list --endpoint localhost:1', says: "'localhost:1' is no address of a service" },
    { line: 'jobs describe No_Job', says: "'No_Job' names no job" },
    { line: 'tasks describe j1', says: "'j1' names no task" },
    { line: 'serve --port 70000', says: 'from 0 to 65535' },
    { line: 'run no-such-file.yaml', says: 'no-such-file.yaml: there is no such file' },
    { line: 'jobs lst', says: 'Did you mean list?' },
    { line: 'frobnicate', says: "unknown command 'frobnicate'" },
  ])('$line', async ({ line, says }) => {
    const { code, out, err, requests } = await sluice(line);
    expect({ code, out, requests }).toEqual({ code: 2, out: '', requests: [] });
    expect(err).toMatch(/^sluice: /);
    expect(err).toContain(says);
  });
});

it.each(['--help', 'jobs --help', 'run --help', 'logs -h'])('%s prints help', async (line) => {
  const { code, out, err } = await sluice(line);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^Usage: sluice/);
});

describe('what the service answers becomes the exit code', () => {
  it.each([
    {
      name: 'NOT_FOUND',
      answer: errorAnswer(404, 'NOT_FOUND', "Resource 'x' was not found."),
      code: 2,
      err: "sluice: NOT_FOUND: Resource 'x' was not found.\n",
    },
    {
      name: 'INTERNAL',
      answer: errorAnswer(500, 'INTERNAL', 'Internal error.'),
      code: 3,
      err: 'sluice: INTERNAL: Internal error.\n',
    },
    {
      name: 'UNAVAILABLE',
      answer: errorAnswer(503, 'UNAVAILABLE', 'not now'),
      code: 3,
      err: 'sluice: UNAVAILABLE: not now\n',
    },
    {
      name: 'nothing',
      answer: 'drop' as const,
      code: 3,
      err: expect.stringMatching(/^sluice: cannot reach http.*\nIs the service running\?/),
    },
  ])('$name', async ({ answer, code, err }) => {
    expect(await sluice('jobs describe j1', () => answer)).toMatchObject({ code, err, out: '' });
  });

  it.each([
    { state: 'SUCCEEDED', code: 0 },
    { state: 'FAILED', code: 1 },
    { state: 'CANCELLED', code: 130 },
    { state: 'DELETION_IN_PROGRESS', code: 1 },
  ] as const)('of jobs wait for a job that ends $state: $code', async ({ state, code }) => {
    const result = await sluice('jobs wait my-job', fakeJob({ progress: [{ state: 'RUNNING' }, { state }] }));
    expect(result.code).toBe(code);
    expect(result.err).toContain('my-job: RUNNING\n');
  });

  it('of jobs wait for several jobs is the worst', async () => {
    const good = fakeJob({ jobId: 'good', progress: [{ state: 'SUCCEEDED' }] });
    const bad = fakeJob({ jobId: 'bad', progress: [{ state: 'RUNNING' }, { state: 'FAILED' }] });
    const { code, err } = await sluice('jobs wait good bad', (request) => good(request) ?? bad(request));
    expect(code).toBe(1);
    expect(err).toMatch(/good SUCCEEDED after[\s\S]*bad FAILED after/);
  });

  it('of jobs wait for a job that goes away is 1', async () => {
    let asked = 0;
    const job = fakeJob({ progress: [{ state: 'RUNNING' }] });
    const { code, err } = await sluice('jobs wait my-job', (request) =>
      asked++ < 2 ? job(request) : undefined,
    );
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('my-job DELETED') });
  });

  it('of jobs wait on a service without progress comes from the job', async () => {
    const job = fakeJob({ progress: [{ state: 'SUCCEEDED' }] });
    const { code } = await sluice('jobs wait my-job', (request) =>
      request.path.endsWith('/progress') ? undefined : job(request),
    );
    expect(code).toBe(0);
  });
});

it('waits for the operation of a cancellation', async () => {
  let polls = 0;
  const operation = (done: boolean) => ({ json: { name: `${PARENT}/operations/o1`, done } });
  const { code, err } = await sluice('jobs cancel j1', ({ method }) =>
    operation(method === 'GET' && ++polls === 3),
  );
  expect({ code, err, polls }).toEqual({ code: 0, err: 'Job j1 was cancelled.\n', polls: 3 });
});

it('names the line of each mistake in a job file that is refused', async () => {
  const fieldViolations = [
    { field: 'taskGroups[0].taskCount', description: 'must be from 1 to 100000; given 0' },
    { field: 'priority', description: 'must be from 0 to 99; given 100' },
  ];
  const refusal = errorAnswer(400, 'INVALID_ARGUMENT', 'Invalid request: …', [{ fieldViolations }]);
  const file = 'priority: 100\ntaskGroups:\n  - taskCount: 0\n';
  expect(await sluice('jobs submit --config -', () => refusal, file)).toMatchObject({
    code: 2,
    err: [
      'sluice: INVALID_ARGUMENT: 2 mistakes in stdin:',
      '  stdin:1:1: priority: must be from 0 to 99; given 100',
      '  stdin:3:5: taskGroups[0].taskCount: must be from 1 to 100000; given 0',
      '',
    ].join('\n'),
  });
});
