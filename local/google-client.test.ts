import { protos, v1 } from '@google-cloud/batch';
import { PassThroughClient } from 'google-auth-library';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceForTest } from './testing/service-for-test.ts';

const { Runnable, TaskGroup, TaskSpec, Job, LogsPolicy } = protos.google.cloud.batch.v1;

/** Google's own client, over REST as `fallback: true` has it, against the embedded service. */
const { api } = serviceForTest();
const parent = 'projects/my-project/locations/europe-central2';
let client: v1.BatchServiceClient;

beforeAll(() => {
  const { hostname, port } = new URL(api().endpoint);
  client = new v1.BatchServiceClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: hostname,
    port: Number(port),
    projectId: 'my-project',
    // A service on this machine knows no credentials: the client sends none.
    authClient: new PassThroughClient(),
  });
});
afterAll(() => client.close());

/** The job that Google documents for custom status events, with a shorter sleep. */
function documentedJob(): protos.google.cloud.batch.v1.IJob {
  const runnables = [
    new Runnable({
      displayName: 'script 1',
      script: { text: 'echo Hello world from script 1 for task $BATCH_TASK_INDEX' },
    }),
    new Runnable({ displayName: 'barrier 1', barrier: {} }),
    new Runnable({
      displayName: 'script 2',
      script: { text: 'echo Hello world from script 2 for task $BATCH_TASK_INDEX' },
    }),
    new Runnable({
      script: { text: `sleep 0.1; echo '{"batch/custom/event": "DESCRIPTION"}'; sleep 0.1` },
    }),
  ];
  const taskSpec = new TaskSpec({
    runnables,
    computeResource: { cpuMilli: 2000, memoryMib: 16 },
    maxRetryCount: 2,
    maxRunDuration: { seconds: 3600 },
  });
  return new Job({
    taskGroups: [new TaskGroup({ taskCount: 4, taskSpec })],
    allocationPolicy: { instances: [{ policy: { machineType: 'e2-standard-4' } }] },
    labels: { env: 'testing', type: 'script' },
    logsPolicy: { destination: LogsPolicy.Destination.CLOUD_LOGGING },
  });
}

async function ended(name: string): Promise<protos.google.cloud.batch.v1.IJob> {
  for (;;) {
    const [job] = await client.getJob({ name });
    if (['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(String(job.status?.state))) return job;
    await new Promise((next) => setTimeout(next, 50));
  }
}

describe('@google-cloud/batch over REST', () => {
  it('creates the documented job, waits for it and reads its history and tasks', async () => {
    const [created] = await client.createJob({
      parent,
      jobId: 'batch-custom-events-job',
      job: documentedJob(),
    });
    expect(created.name).toBe(`${parent}/jobs/batch-custom-events-job`);
    expect(created.uid).toMatch(/^batch-custom-event/);
    const job = await ended(created.name ?? '');
    expect(job.status?.state).toBe('SUCCEEDED');
    expect(job.status?.taskGroups?.group0?.counts).toEqual({ SUCCEEDED: '4' });
    expect(job.labels).toEqual({ env: 'testing', type: 'script' });
    expect(job.allocationPolicy?.instances?.[0]?.policy?.machineType).toBe('e2-standard-4');
    expect(Number(job.taskGroups?.[0]?.taskSpec?.maxRunDuration?.seconds)).toBe(3600);
    const [task] = await client.getTask({ name: `${created.name}/taskGroups/group0/tasks/3` });
    const descriptions = task.status?.statusEvents?.map((event) => event.description);
    expect(descriptions).toContain('script at index #0 with display name [script 1] started.');
    expect(descriptions).toContain('barrier at index #2 with display name [barrier 1] reached.');
    expect(descriptions).toContain('DESCRIPTION');
    const [tasks] = await client.listTasks({
      parent: `${created.name}/taskGroups/group0`,
      filter: 'State=SUCCEEDED',
    });
    expect(tasks.map((one) => one.name)).toEqual(
      [0, 1, 2, 3].map((index) => `${created.name}/taskGroups/group0/tasks/${index}`),
    );
  });

  it('refuses the same job id again with ALREADY_EXISTS', async () => {
    const again = client.createJob({ parent, jobId: 'batch-custom-events-job', job: documentedJob() });
    await expect(again).rejects.toThrow(/"status": "ALREADY_EXISTS"/);
  });

  it('lists with filters, orders and pages', async () => {
    for (const name of ['list-a', 'list-b', 'list-c']) {
      const job = new Job({
        labels: { wave: 'one', 'job-id': name },
        taskGroups: [{ taskSpec: { runnables: [{ script: { text: ':' } }] } }],
      });
      await client.createJob({ parent, jobId: name, job });
      await ended(`${parent}/jobs/${name}`);
    }
    const request = {
      parent,
      filter: '(status.state="SUCCEEDED") AND (labels."wave" = "one")',
      orderBy: 'name',
    };
    const [jobs] = await client.listJobs({ ...request, pageSize: 2 });
    expect(jobs.map((job) => job.name)).toEqual(
      ['list-a', 'list-b', 'list-c'].map((name) => `${parent}/jobs/${name}`),
    );
    const [page, , answer] = await client.listJobs({ ...request, pageSize: 2 }, { autoPaginate: false });
    expect(page).toHaveLength(2);
    expect(answer?.nextPageToken).not.toBe('');
    const [none] = await client.listJobs({ parent, filter: 'labels."wave" = "two"' });
    expect(none).toEqual([]);
    const [anywhere] = await client.listJobs({ parent: 'projects/my-project/locations/-' });
    expect(anywhere.length).toBeGreaterThanOrEqual(4);
  });

  it('names what is wrong with a job', async () => {
    const job = new Job({ taskGroups: [{ taskSpec: { maxRetryCount: 11, runnables: [{ script: {} }] } }] });
    const refused = client.createJob({ parent, jobId: 'wrong', job });
    await expect(refused).rejects.toThrow(/taskGroups\[0\]\.taskSpec\.maxRetryCount/);
  });

  it('cancels and waits for the operation', async () => {
    const job = new Job({ taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'sleep 600' } }] } }] });
    const [created] = await client.createJob({ parent, jobId: 'to-cancel', job });
    const name = created.name ?? '';
    while ((await client.getJob({ name }))[0].status?.state !== 'RUNNING')
      await new Promise((next) => setTimeout(next, 30));
    const [operation] = await client.cancelJob({ name });
    await operation.promise();
    expect((await client.getJob({ name }))[0].status?.state).toBe('CANCELLED');
  });

  it('deletes and waits for the operation; the job is NOT_FOUND then', async () => {
    const name = `${parent}/jobs/to-cancel`;
    const [operation] = await client.deleteJob({ name, reason: 'no longer needed' });
    await operation.promise();
    await expect(client.getJob({ name })).rejects.toThrow(/"status": "NOT_FOUND"/);
  });

  it('knows the location', async () => {
    // The declared type leaves out that the answer comes as a tuple, like all of the client's.
    const [location] = (await client.getLocation({ name: parent })) as unknown as [{ locationId: string }];
    expect(location.locationId).toBe('europe-central2');
  });
});
