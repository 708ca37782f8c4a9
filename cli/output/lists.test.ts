import { describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.ts';
import { FakeHost } from '../testing/fake-host.ts';
import { PARENT } from '../testing/fake-job.ts';
import { FakeLocalParts } from '../testing/fake-local-parts.ts';
import { FakeService } from '../testing/fake-service.ts';

const jobs = [
  {
    name: `${PARENT}/jobs/count-tokens`,
    uid: 'count-tokens-1234',
    priority: '5',
    createTime: '2026-11-22T13:59:00.000000000Z',
    labels: { team: 'nlp' },
    taskGroups: [
      { name: `${PARENT}/jobs/count-tokens/taskGroups/group0`, taskCount: '100000', parallelism: '10' },
    ],
    status: {
      state: 'RUNNING',
      runDuration: '65.500s',
      taskGroups: { group0: { counts: { SUCCEEDED: '51234', FAILED: '2', PENDING: '48764' } } },
      statusEvents: [
        {
          type: 'STATUS_CHANGED',
          description: 'Job state is set from SCHEDULED to RUNNING.',
          eventTime: '2026-11-22T13:59:02Z',
        },
        {
          type: 'STATUS_CHANGED',
          description: 'Job state is set from QUEUED to SCHEDULED.',
          eventTime: '2026-11-22T13:59:01Z',
        },
      ],
    },
  },
  { name: `${PARENT}/jobs/j2`, taskGroups: [{ taskCount: '1' }], status: { state: 'QUEUED' } },
];
const tasks = [0, 1].map((i) => ({
  name: `${PARENT}/jobs/count-tokens/taskGroups/group0/tasks/${i}`,
  status: {
    state: i === 0 ? 'SUCCEEDED' : 'FAILED',
    statusEvents: [
      {
        type: 'STATUS_CHANGED',
        eventTime: `2026-11-22T13:59:1${i}Z`,
        description: 'Task state is updated',
        ...(i === 1 ? { taskExecution: { exitCode: 2 } } : {}),
      },
    ],
  },
}));

async function out(line: string): Promise<string> {
  await using service = await FakeService.start(({ path, query }) => {
    if (path.endsWith('/tasks')) return { json: { tasks } };
    if (path.endsWith('/tasks/1')) return { json: tasks[1] };
    if (path.endsWith('/count-tokens')) return { json: jobs[0] };
    return { json: query.pageToken ? { jobs: [jobs[1]] } : { jobs: [jobs[0]], nextPageToken: 'p2' } };
  });
  const host = new FakeHost();
  const parts = new FakeLocalParts(() => undefined);
  expect(await runCli([...line.split(' '), '--endpoint', service.endpoint], host, parts)).toBe(0);
  return host.out.text;
}

describe('tables', () => {
  it('of jobs', async () => {
    expect(await out('jobs list')).toMatchInlineSnapshot(`
      "NAME          STATE             ENDED  FAILED  CREATED               RUN TIME
      count-tokens  RUNNING  51,236/100,000       2  2026-11-22T13:59:00Z  1m06s
      j2            QUEUED              0/1       0
      "
    `);
  });
  it('of one job', async () => {
    expect(await out('jobs describe count-tokens')).toMatchInlineSnapshot(`
      "count-tokens  RUNNING
      name          projects/local/locations/us-central1/jobs/count-tokens
      uid           count-tokens-1234
      created       2026-11-22T13:59:00Z
      run time      1m06s
      priority      5
      labels        team=nlp
      group0        100,000 tasks, 10 at once: SUCCEEDED 51,234, FAILED 2, PENDING 48,764
      events
        2026-11-22T13:59:01Z  STATUS_CHANGED  Job state is set from QUEUED to SCHEDULED.
        2026-11-22T13:59:02Z  STATUS_CHANGED  Job state is set from SCHEDULED to RUNNING.
      "
    `);
  });
  it('of tasks', async () => {
    expect(await out('tasks list --job count-tokens')).toMatchInlineSnapshot(`
      "TASK      STATE      EXIT CODE  SINCE                 LAST EVENT
      group0/0  SUCCEEDED             2026-11-22T13:59:10Z  Task state is updated
      group0/1  FAILED             2  2026-11-22T13:59:11Z  Task state is updated
      "
    `);
  });
  it('of one task', async () => {
    expect(await out('tasks describe count-tokens/group0/1')).toMatchInlineSnapshot(`
      "group0/1  FAILED
      exit code 2
      2026-11-22T13:59:11Z  STATUS_CHANGED  Task state is updated
      "
    `);
  });
  it('of events, with those of tasks', async () => {
    expect(await out('events count-tokens --tasks')).toMatchInlineSnapshot(`
      "2026-11-22T13:59:01Z  STATUS_CHANGED  Job state is set from QUEUED to SCHEDULED.
      2026-11-22T13:59:02Z  STATUS_CHANGED  Job state is set from SCHEDULED to RUNNING.
      2026-11-22T13:59:10Z  STATUS_CHANGED  group0/0  Task state is updated
      2026-11-22T13:59:11Z  STATUS_CHANGED  group0/1  Task state is updated
      "
    `);
  });
});

describe('what the API gave', () => {
  it('as one JSON array over all pages', async () => {
    expect(JSON.parse(await out('jobs list --format json'))).toEqual(jobs);
  });
  it('as many as the limit says', async () => {
    expect(JSON.parse(await out('jobs list --format json --limit 1'))).toEqual([jobs[0]]);
  });
  it('as YAML documents', async () => {
    expect(await out('tasks list --job count-tokens --format yaml')).toMatch(
      /^---\nname: projects[\s\S]*\n---\nname: /,
    );
  });
  it('as one resource', async () => {
    expect(JSON.parse(await out('jobs describe count-tokens --format json'))).toEqual(jobs[0]);
  });
});
