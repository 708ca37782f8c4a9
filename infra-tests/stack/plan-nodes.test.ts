import { beforeEach, describe, expect, it } from 'vitest';
import { ApiUnderTest, aJob } from '../../functions/jobs-api/api-under-test.ts';
import { planJob } from '../../functions/plan-job/plan-job.ts';
import type { Job } from '../../shared/contract/job.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { CAPACITY, nodesUnderTest } from './nodes-under-test.ts';

let api: ApiUnderTest;
let nodes: ReturnType<typeof nodesUnderTest>;
let made = 0;

beforeEach(() => {
  api = new ApiUnderTest(memoryStore());
  nodes = nodesUnderTest(api.deps);
});

/** The launches that the plan of a job's groups says, with what is registered for them. */
async function planned(job: Job) {
  made += 1;
  const uid = await api.create(`job-${made}`, job);
  await api.changeJob(uid, (record) => {
    record.state = 'SCHEDULED';
  });
  const groups = await planJob({ ...api.deps, prepareNodes: nodes.prepareNodes }, CAPACITY, uid);
  return groups.map((group) => {
    if (group.launch === undefined) throw new Error('the plan says nothing of nodes');
    return { ...group.launch, uid, definition: nodes.ecs.registered.get(group.launch.taskDefinition) };
  });
}
const withPolicy = (allocationPolicy: object, job: object = {}) => aJob({}, { allocationPolicy, ...job });

describe('the nodes of a plan', () => {
  it('are alike for jobs that ask for the same, and larger for one that asks for more', async () => {
    const [first] = await planned(aJob({ taskCount: '1' }));
    const [second] = await planned(aJob({ taskCount: '1' }, { labels: { team: 'b' } }));
    const computeResource = { cpuMilli: '4000', memoryMib: '16000' };
    const taskSpec = { runnables: [{ script: { text: 'true' } }], computeResource };
    const [larger] = await planned(aJob({ taskSpec }));
    expect(second?.taskDefinition).toBe(first?.taskDefinition);
    expect(larger?.taskDefinition).not.toBe(first?.taskDefinition);
    expect(first?.definition).toMatchObject({ cpu: '2048', memory: '4096' });
    expect(larger?.definition).toMatchObject({ cpu: '4096', memory: '16384' });
    expect(nodes.ecs.calls).toEqual(['Describe', 'Register', 'Describe', 'Register']);
  });

  it('are one definition for groups that are alike', async () => {
    const group = { taskSpec: { runnables: [{ script: { text: 'true' } }] } };
    const [a, b] = await planned({ taskGroups: [group, group] });
    expect(a?.taskDefinition).toBe(b?.taskDefinition);
    expect(nodes.ecs.calls).toEqual(['Describe', 'Register']);
  });

  it('run in the image, on the machine, with the disk and as the account that the job names', async () => {
    const policy = {
      machineType: 'e2-standard-4',
      provisioningModel: 'SPOT',
      bootDisk: { image: 'python:3.13', sizeGb: '50' },
    };
    const serviceAccount = { email: 'science@example.org' };
    const location = { allowedLocations: ['zones/us-central1-b'] };
    const [launch] = await planned(
      withPolicy({ instances: [{ policy }], serviceAccount, location, labels: { team: 'b' } }),
    );
    expect(launch).toMatchObject({
      capacityProvider: 'FARGATE_SPOT',
      subnets: ['subnet-b'],
      publicIp: true,
      machineType: 'e2-standard-4',
      tags: { team: 'b', 'batch-job-uid': launch?.uid },
      definition: {
        cpu: '4096',
        memory: '16384',
        ephemeralStorage: { sizeInGiB: 50 },
        runtimePlatform: { cpuArchitecture: 'X86_64' },
        taskRoleArn: 'arn:aws:iam::000000000000:role/science',
        containerDefinitions: [
          {
            image: expect.stringMatching(/^docker.io\/library\/python@sha256:/),
            entryPoint: ['/sluice/loader', '--library-path', '/sluice/lib', '/sluice/bin/node'],
            dependsOn: [{ containerName: 'runtime', condition: 'SUCCESS' }],
            stopTimeout: 120,
          },
          // Where Node.js for it comes from.
          { name: 'runtime', image: 'node:24-slim', essential: false },
        ],
      },
    });
  });

  it('fit what ECS takes of a definition', async () => {
    const [launch] = await planned(aJob());
    expect(JSON.stringify(launch?.definition).length).toBeLessThan(64 * 1024);
  });

  it('have a container for each image, by its content, and one that brings their runtime', async () => {
    const runnables = ['busybox', 'python:3', 'busybox'].map((imageUri) => ({ container: { imageUri } }));
    const [launch] = await planned(aJob({ taskSpec: { runnables } }));
    const containers = launch?.definition?.containerDefinitions ?? [];
    expect(containers.map(({ name }) => name)).toEqual(['agent', 'runtime', 'image-0', 'image-1']);
    expect(containers.map(({ image }) => image?.replace(/@sha256:[0-9a-f]{64}$/, '@DIGEST'))).toEqual([
      'node:24-slim',
      'node:24-slim',
      'docker.io/library/busybox@DIGEST',
      'docker.io/library/python@DIGEST',
    ]);
    expect(JSON.stringify(launch?.definition).length).toBeLessThan(64 * 1024);
  });

  it('without a way out run in the closed network, from its image, and report to its API', async () => {
    const ecr = '000000000000.dkr.ecr.us-east-1.amazonaws.com';
    const container = { imageUri: `${ecr}/tool:1`, blockExternalNetwork: true };
    const closed = { taskSpec: { runnables: [{ container }] } };
    const open = { taskSpec: { runnables: [{ container: { imageUri: container.imageUri } }] } };
    const policy = { bootDisk: { image: 'python:3.13' } };
    const [first, second] = await planned({
      taskGroups: [closed, open],
      allocationPolicy: { instances: [{ policy }] },
    });
    expect(first).toMatchObject({
      subnets: ['subnet-closed'],
      securityGroups: ['sg-closed'],
      publicIp: false,
    });
    expect(second).toMatchObject({
      subnets: ['subnet-a', 'subnet-b'],
      securityGroups: ['sg-open'],
      publicIp: true,
    });
    const [agent, runtime, image] = first?.definition?.containerDefinitions ?? [];
    expect([agent?.image, runtime?.image]).toEqual([`${ecr}/node:24`, `${ecr}/node:24`]);
    expect(image?.image).toContain(`${ecr}/tool@sha256:`);
    const endpointOf = (made: typeof agent) =>
      made?.environment?.find(({ name }) => name === 'SLUICE_ENDPOINT')?.value;
    expect(endpointOf(agent)).toBe('http://localhost/closed/');
    expect(endpointOf(second?.definition?.containerDefinitions?.[0])).toBe('http://localhost/');
  });

  it('are none when an image cannot be used, and the plan says why', async () => {
    const runnables = [{ container: { imageUri: 'missing' } }];
    await expect(planned(aJob({ taskSpec: { runnables } }))).rejects.toMatchObject({
      name: 'ImageError',
      message: 'there is no image missing in its registry',
    });
  });

  it('are none when the image is not there', async () => {
    const policy = { bootDisk: { image: 'missing' } };
    await expect(planned(withPolicy({ instances: [{ policy }] }))).rejects.toThrow(
      'there is no image missing',
    );
  });

  it('are none when the job asks for what is not there any more', async () => {
    const gone = withPolicy({ serviceAccount: { email: 'gone@example.org' } });
    await expect(planned(gone)).rejects.toThrow('gone@example.org has no role here any more');
    const elsewhere = withPolicy({ location: { allowedLocations: ['zones/us-central1-z'] } });
    await expect(planned(elsewhere)).rejects.toThrow('allocationPolicy.location.allowedLocations[0]');
  });

  it('are shown in the view of the job', async () => {
    const job = aJob({ taskCount: '20', taskCountPerNode: '5' });
    const [launch] = await planned({
      ...job,
      allocationPolicy: { instances: [{ policy: { provisioningModel: 'SPOT' } }] },
    });
    const { json } = await api.send('GET', `projects/p1/locations/us-central1/jobs/job-${made}`);
    expect(json.status.taskGroups.group0.instances).toEqual([
      { machineType: launch?.machineType, provisioningModel: 'SPOT', taskPack: '5' },
    ]);
    expect(launch?.machineType).toBe('fargate-arm-16-32768');
  });
});
