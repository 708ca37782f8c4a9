import { beforeEach, describe, expect, it } from 'vitest';
import { ApiUnderTest, aJob } from '../../functions/jobs-api/api-under-test.ts';
import { loadJob } from '../../functions/load-job.ts';
import { planJob } from '../../functions/plan-job/plan-job.ts';
import type { InstancePolicy } from '../../shared/contract/instance-policy.ts';
import type { Job } from '../../shared/contract/job.ts';
import { jobDemand } from '../../shared/core/admission/job-demand.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { CAPACITY, LIMITS, nodesUnderTest } from './nodes-under-test.ts';

let api: ApiUnderTest;

beforeEach(() => {
  api = new ApiUnderTest(memoryStore());
});

async function recordOf(uid: string): Promise<JobRecord> {
  const job = await loadJob(api.store, uid);
  if (job === undefined) throw new Error(`${uid} is gone`);
  return job.body;
}

/** The processors of a job's groups as ECS is told them, the job's notes, and its demand as admitted and as planned. */
async function planned(job: Job, ownImage?: string) {
  const nodes = nodesUnderTest(api.deps, undefined, ownImage);
  const uid = await api.create('job', job);
  await api.changeJob(uid, (record) => {
    record.state = 'SCHEDULED';
  });
  const before = await recordOf(uid);
  const groups = await planJob({ ...api.deps, prepareNodes: nodes.prepareNodes }, CAPACITY, uid);
  const definitions = groups.map(({ launch }) => nodes.ecs.registered.get(launch?.taskDefinition ?? ''));
  return {
    processors: definitions.map((definition) => definition?.runtimePlatform?.cpuArchitecture),
    machineTypes: groups.map(({ launch }) => launch?.machineType),
    notes: (await recordOf(uid)).events.flatMap((event) =>
      event.type === 'OPERATIONAL_INFO' ? [event.description] : [],
    ),
    nodes: groups.map(({ seatCount }) => seatCount),
    admitted: jobDemand(before, CAPACITY, LIMITS),
  };
}
const groupOf = (...images: string[]) => ({
  taskSpec: { runnables: images.map((imageUri) => ({ container: { imageUri } })) },
});
const jobOf = (groups: Job['taskGroups'], policy?: InstancePolicy): Job => ({
  taskGroups: groups,
  ...(policy === undefined ? {} : { allocationPolicy: { instances: [{ policy }] } }),
});

describe("a plan where arm64 is the deployment's usual processor", () => {
  it('has nodes that are usual for scripts, and for images made for all', async () => {
    const { processors, notes } = await planned(jobOf([{ ...aJob().taskGroups?.[0] }, groupOf('all')]));
    expect({ processors, notes }).toEqual({ processors: ['ARM64', 'ARM64'], notes: [] });
  });

  it('has x86_64 nodes for each group with an image made for no other, and says why', async () => {
    const groups = [groupOf('all', 'bwa-amd64'), groupOf('all'), groupOf('bwa-amd64')];
    const { processors, notes, machineTypes, nodes, admitted } = await planned(jobOf(groups));
    expect(processors).toEqual(['X86_64', 'ARM64', 'X86_64']);
    expect(machineTypes).toEqual(['fargate-2-4096', 'fargate-arm-2-4096', 'fargate-2-4096']);
    expect(notes).toEqual([
      'Nodes of group0, group2 have linux/amd64 rather than linux/arm64, which is usual here: bwa-amd64 is made for linux/amd64.',
    ]);
    // What was admitted does not depend on it.
    expect(admitted).toMatchObject({ amounts: { nodes: 3, cpuMilli: 6000 } });
    expect(nodes).toEqual([1, 1, 1]);
  });

  it('has them for an image of scripts too', async () => {
    const job = jobOf([{ ...aJob().taskGroups?.[0] }], { bootDisk: { image: 'conda-amd64' } });
    expect(await planned(job)).toMatchObject({
      processors: ['X86_64'],
      notes: [expect.stringContaining('conda-amd64 is made for linux/amd64')],
    });
  });

  it("has nodes that the deployment's own image is made for", async () => {
    expect((await planned(jobOf([groupOf('all')]), 'own-amd64')).processors).toEqual(['X86_64']);
  });

  it.each([
    [{ machineType: 'e2-standard-4' }, 'X86_64'],
    [{ minCpuPlatform: 'Intel Ice Lake' }, 'X86_64'],
    [{ machineType: 't2a-standard-4' }, 'ARM64'],
    [{ minCpuPlatform: 'Ampere Altra' }, 'ARM64'],
    [{ minCpuPlatform: 'Some Other' }, 'ARM64'],
  ])('has what %o asks for', async (policy, processor) => {
    const { processors, notes } = await planned(jobOf([groupOf('all')], policy));
    expect({ processors, notes }).toEqual({ processors: [processor], notes: [] });
  });

  it.each([
    [
      jobOf([groupOf('a-arm64', 'b-amd64')]),
      undefined,
      'no processor suits all images of a node: b-amd64 is made for linux/amd64, a-arm64 for linux/arm64; nodes are linux/arm64 or linux/amd64',
    ],
    [
      jobOf([groupOf('b-amd64')], { machineType: 't2a-standard-4' }),
      undefined,
      'b-amd64 is made for linux/amd64; the machine type "t2a-standard-4" asks for linux/arm64',
    ],
    [
      jobOf([{ ...aJob().taskGroups?.[0] }], { machineType: 'e2-standard-4' }),
      'own-arm64',
      'own-arm64 is made for linux/arm64; the machine type "e2-standard-4" asks for linux/amd64',
    ],
    [
      jobOf([groupOf('b-amd64')]),
      'own-arm64',
      'no processor suits all images of a node: b-amd64 is made for linux/amd64, own-arm64 for linux/arm64; nodes are linux/arm64 or linux/amd64',
    ],
  ])('is none for %j with %s, and says which image has which', async (job, ownImage, message) => {
    await expect(planned(job, ownImage)).rejects.toMatchObject({ name: 'ImageError', message });
  });
});
