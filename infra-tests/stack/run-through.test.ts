import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiUnderTest, aJob } from '../../functions/jobs-api/api-under-test.ts';
import { serviceClock } from '../../functions/lambda/service-clock.ts';
import type { Job } from '../../shared/contract/job.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { isFinished } from '../../shared/core/job/job-states.ts';
import { jobKey } from '../../shared/core/keys.ts';
import type { Store } from '../../shared/ports/store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { DeploymentInProcess } from './deployment-in-process.ts';

let store: Store;
let deployment: DeploymentInProcess;
let api: ApiUnderTest;

beforeEach(async () => {
  store = memoryStore();
  api = new ApiUnderTest(store, { clock: serviceClock });
  deployment = new DeploymentInProcess(store);
  await deployment.start();
});
afterEach(() => deployment.stop());

/** The job once it has come to its end, with its run. */
async function ended(uid: string): Promise<JobHead> {
  for (;;) {
    const job = (await store.get<JobHead>(jobKey(uid)))?.body;
    if (job === undefined || isFinished(job.state)) {
      await deployment.runs.get(uid);
      return job as JobHead;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const times = (name: string) => deployment.interpreter.entered.filter((entered) => entered === name).length;
const script = (text: string) => ({ script: { text } });

describe('a job through the state machine, with nodes that run the real agent', () => {
  it('succeeds, with two seats', async () => {
    const uid = await api.create(
      'plain',
      aJob({
        taskCount: '6',
        parallelism: '2',
        taskCountPerNode: '1',
        taskSpec: { runnables: [script('echo hello $BATCH_TASK_INDEX')] },
      }),
    );
    const job = await ended(uid);
    expect(job.state).toBe('SUCCEEDED');
    expect(job.final?.group0?.counts.SUCCEEDED).toBe(6);
    expect(times('OpenSeat')).toBe(2);
    expect(deployment.output).toContain('"text":"hello 5"');
    expect(deployment.errors).toEqual([]);
    // Both nodes are of one definition, on subnets that the plan names, with tags that tell whose they are.
    const [first, second] = deployment.launches as Record<string, unknown>[];
    expect(second?.TaskDefinition).toBe(first?.TaskDefinition);
    expect(first).toMatchObject({
      NetworkConfiguration: {
        AwsvpcConfiguration: { Subnets: ['subnet-a', 'subnet-b'], AssignPublicIp: 'ENABLED' },
      },
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      Tags: expect.arrayContaining([{ Key: 'batch-job-uid', Value: uid }]),
    });
  });

  it('is given its secrets with its node, and they are seen by its programs alone', async () => {
    const name = 'projects/p1/secrets/password/versions/latest';
    deployment.secrets = {
      [name]: { value: 'open sesame' },
      Y2lwaGVy: { variables: { TOKEN: 'xyzzy-1234' } },
    };
    const environment = {
      secretVariables: { PASSWORD: name },
      encryptedVariables: {
        keyName: 'projects/p1/locations/l/keyRings/r/cryptoKeys/k',
        cipherText: 'Y2lwaGVy',
      },
    };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    const text = '[ "${#PASSWORD}/${#TOKEN}" = 11/10 ] && echo "says $PASSWORD and $TOKEN"';
    const uid = await api.create('secretive', aJob({ taskSpec: { environment, runnables: [script(text)] } }));
    expect((await ended(uid)).state).toBe('SUCCEEDED');
    expect(deployment.output).toMatch(/says \S+ and \S+"/);
    const told = JSON.stringify([
      deployment.output,
      await store.query({ pk: `N#${uid}#group0#0`, limit: 9 }),
      await api.send('GET', 'projects/p1/locations/us-central1/jobs/secretive'),
      await api.send('GET', 'projects/p1/locations/us-central1/jobs/secretive/taskGroups/group0/tasks/0'),
    ]);
    expect(told).not.toMatch(/open sesame|xyzzy/);
  });

  it('fails with the reason in words when a secret is gone by the time that its node begins', async () => {
    const name = 'projects/p1/secrets/password/versions/latest';
    deployment.secrets = { [name]: { problem: 'is not there' } };
    const environment = { secretVariables: { PASSWORD: name } };
    const uid = await api.create('late', aJob({ taskSpec: { environment, runnables: [script('true')] } }));
    expect((await ended(uid)).state).toBe('FAILED');
    const task = await api.send(
      'GET',
      'projects/p1/locations/us-central1/jobs/late/taskGroups/group0/tasks/0',
    );
    expect(task.text).toContain('environment variable PASSWORD cannot be resolved: it is not there');
  });

  it('waits once for each stage at its barriers', async () => {
    const runnables = [script('true'), { barrier: {} }, script('true'), { barrier: {} }, script('true')];
    const uid = await api.create(
      'staged',
      aJob({ taskCount: '4', parallelism: '2', taskSpec: { runnables } }),
    );
    expect((await ended(uid)).state).toBe('SUCCEEDED');
    expect(times('WaitForStage')).toBeGreaterThanOrEqual(1);
    expect(times('WaitForStage')).toBeLessThanOrEqual(3);
  });

  it('fails when a task fails, without giving the run up', async () => {
    const uid = await api.create(
      'failing',
      aJob({ taskCount: '3', taskSpec: { runnables: [script('exit $BATCH_TASK_INDEX')] } }),
    );
    const job = await ended(uid);
    expect(job.state).toBe('FAILED');
    expect(job.final?.group0?.counts).toMatchObject({ SUCCEEDED: 1, FAILED: 2 });
    expect(times('GiveUp')).toBe(0);
  });

  it('replaces a node that is killed, one epoch later, and says so', async () => {
    const spec = { maxRetryCount: 1, runnables: [script('[ $BATCH_TASK_RETRY_ATTEMPT = 1 ] || sleep 60')] };
    const uid = await api.create('lossy', aJob({ taskSpec: spec }));
    while (!(await api.readSeat(uid, 0).catch(() => undefined))?.begun)
      await new Promise((go) => setTimeout(go, 20));
    deployment.nodes[0]?.kill('SIGKILL');
    const job = await ended(uid);
    expect(job.state).toBe('SUCCEEDED');
    expect(times('CloseLostSeat')).toBe(1);
    expect(deployment.nodes).toHaveLength(2);
    expect(job.events.map(({ description }) => description).join()).toMatch(
      /ended too early .* another one takes/,
    );
  });

  it('ends when it is cancelled', async () => {
    const uid = await api.create('endless', aJob({ taskSpec: { runnables: [script('sleep 60')] } }));
    while (!(await api.readSeat(uid, 0).catch(() => undefined))?.begun)
      await new Promise((go) => setTimeout(go, 20));
    await api.send('POST', 'projects/p1/locations/us-central1/jobs/endless:cancel', {});
    expect((await ended(uid)).state).toBe('CANCELLED');
  });

  it('runs groups in the order that they ask for', async () => {
    const group = (text: string, rest: object = {}) => ({ taskSpec: { runnables: [script(text)] }, ...rest });
    const job: Job = {
      taskGroups: [group('echo late', { dependsOn: { group1: 'SUCCEEDED' } }), group('echo early')],
    };
    const uid = await api.create('ordered', job);
    expect((await ended(uid)).state).toBe('SUCCEEDED');
    expect(deployment.output.indexOf('"early"')).toBeLessThan(deployment.output.indexOf('"late"'));
  });
});
