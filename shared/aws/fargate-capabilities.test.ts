import { describe, expect, it } from 'vitest';
import type { ApiError } from '../contract/error.ts';
import type { Job } from '../contract/job.ts';
import { acceptJob } from '../contract/job-rules.ts';
import { fargateCapabilities } from './fargate-capabilities.ts';
import type { NodeOffer } from './fargate-node-refusals.ts';

const offer: NodeOffer = {
  capacity: { maxNodes: 100, maxVcpu: 100, architecture: 'ARM64' },
  region: {
    region: 'us-east-1',
    aliases: { 'us-central1': '' },
    subnets: [{ id: 'subnet-a', zone: 'us-east-1a', way: 'PUBLIC' }],
    securityGroups: ['sg-nodes'],
  },
  registryMirrors: { 'docker.io': 'ecr.test/docker-hub' },
  serviceAccounts: ['science@example.org'],
};
const withClosedNetwork: NodeOffer = {
  ...offer,
  region: {
    ...offer.region,
    closed: {
      subnets: [{ id: 'subnet-closed', zone: 'us-east-1b', way: 'CLOSED' }],
      securityGroups: ['sg-closed'],
      registries: ['ecr.test'],
      image: 'ecr.test/node:24',
      endpoint: 'https://api.test',
    },
  },
};
const { capabilityNotes } = fargateCapabilities(offer);
const script = { script: { text: 'true' } };
const barrier = { barrier: {} };
const withGroup = (group: object, job: object = {}): Job => ({
  taskGroups: [{ taskSpec: { runnables: [script] }, ...group }],
  ...job,
});
const withSpec = (spec: object) => withGroup({ taskSpec: { runnables: [script], ...spec } });
const withPolicy = (allocationPolicy: object) => withGroup({}, { allocationPolicy });
const withInstance = (policy: object) => withPolicy({ instances: [{ policy }] });

function violations(given: Job, of = offer) {
  const { job, given: said } = acceptJob(given);
  const asked = { location: 'us-central1', cpuGiven: said.cpuMilli, memoryGiven: said.memoryMib };
  try {
    fargateCapabilities(of).checkCapabilities(job, asked);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ status: 'UNIMPLEMENTED' });
    return (error as ApiError).violations;
  }
}
const refused = (job: Job, of = offer) => violations(job, of).map(({ field }) => field);

describe('checkCapabilities', () => {
  it.each<[string, Job]>([
    ['what the defaults ask for', withGroup({})],
    ['the largest node', withSpec({ computeResource: { cpuMilli: '16000', memoryMib: '122880' } })],
    ['a machine type on Spot', withInstance({ machineType: 'e2-standard-4', provisioningModel: 'SPOT' })],
    ['a disk', withInstance({ bootDisk: { sizeGb: '200', image: 'python:3.13-slim' } })],
    [
      'a secret, which is looked for elsewhere',
      withSpec({ environment: { secretVariables: { A: 'projects/p/secrets/s/versions/1' } } }),
    ],
    ['a service account', withPolicy({ serviceAccount: { email: 'science@example.org' } })],
    ['a group that must not be root', withGroup({ runAsNonRoot: true })],
    ['the default service account', withPolicy({ serviceAccount: { email: 'default' } })],
    ['a zone by its alias', withPolicy({ location: { allowedLocations: ['zones/us-central1-a'] } })],
    [
      'a thousand barriers',
      withSpec({ runnables: Array.from({ length: 2_001 }, (_, at) => (at % 2 === 0 ? script : barrier)) }),
    ],
  ])('accepts %s', (_, job) => {
    expect(refused(job)).toEqual([]);
  });

  it.each([
    ['taskGroups[0].taskSpec.computeResource.cpuMilli', withSpec({ computeResource: { cpuMilli: '17000' } })],
    [
      'taskGroups[0].taskSpec.computeResource.memoryMib',
      withSpec({ computeResource: { memoryMib: '130000' } }),
    ],
    ['taskGroups[0].taskSpec.computeResource.gpuCount', withSpec({ computeResource: { gpuCount: '1' } })],
    ['taskGroups[0].taskSpec.volumes', withSpec({ volumes: [{ deviceName: 'b', mountPath: '/x' }] })],
    ['taskGroups[0].serviceAccount.email', withGroup({ serviceAccount: { email: 'you@example.org' } })],
    [
      'allocationPolicy.instances[0].instanceTemplate',
      withPolicy({ instances: [{ instanceTemplate: 't' }] }),
    ],
    ['allocationPolicy.instances[0].policy.machineType', withInstance({ machineType: 'a2-highgpu-1g' })],
    ['allocationPolicy.instances[0].policy.machineType', withInstance({ machineType: 'm5.large' })],
    [
      'allocationPolicy.instances[0].policy.accelerators',
      withInstance({ accelerators: [{ type: 'nvidia-l4', count: '1' }] }),
    ],
    [
      'allocationPolicy.instances[0].policy.disks',
      withInstance({ disks: [{ deviceName: 'd', newDisk: { sizeGb: '10' } }] }),
    ],
    [
      'allocationPolicy.instances[0].policy.provisioningModel',
      withInstance({ provisioningModel: 'FLEX_START' }),
    ],
    ['allocationPolicy.instances[0].policy.bootDisk.sizeGb', withInstance({ bootDisk: { sizeGb: '201' } })],
    ['allocationPolicy.instances[0].policy.bootDisk.snapshot', withInstance({ bootDisk: { snapshot: 's' } })],
    [
      'allocationPolicy.location.allowedLocations[0]',
      withPolicy({ location: { allowedLocations: ['zones/us-central1-c'] } }),
    ],
    ['allocationPolicy.serviceAccount.email', withPolicy({ serviceAccount: { email: 'you@example.org' } })],
    [
      'allocationPolicy.network.networkInterfaces[0].noExternalIpAddress',
      withPolicy({ network: { networkInterfaces: [{ noExternalIpAddress: true }] } }),
    ],
    ['taskGroups', { taskGroups: Array.from({ length: 41 }, () => ({ taskSpec: { runnables: [script] } })) }],
    ['taskGroups', withSpec({ runnables: Array.from({ length: 2_000 }, () => barrier) })],
  ] as [string, Job][])('refuses %s', (field, job) => {
    expect(refused(job)).toEqual([field]);
  });

  it('says what is allowed and what was given', () => {
    const [violation] = violations(withPolicy({ serviceAccount: { email: 'you@example.org' } }));
    expect(violation?.description).toBe(
      'service accounts of this deployment are: science@example.org; given "you@example.org"',
    );
  });

  it('refuses a machine type with another processor than the least that is wanted', () => {
    const policy = { machineType: 't2a-standard-4', minCpuPlatform: 'AMD Milan' };
    expect(violations(withInstance(policy))).toEqual([
      {
        field: 'allocationPolicy.instances[0].policy.minCpuPlatform',
        description: 'the machine type "t2a-standard-4" has linux/arm64; given "AMD Milan"',
      },
    ]);
  });

  it('names all at once', () => {
    expect(refused(withGroup({ requireHostsFile: true, permissiveSsh: true }))).toHaveLength(2);
  });

  it('names containers first, then the group, then its nodes', () => {
    const location = { allowedLocations: ['regions/us-central1'] };
    const group = { requireHostsFile: true, permissiveSsh: true };
    const runnables = [{ container: { imageUri: 'busybox', options: '--gpus all' } }];
    const taskSpec = { runnables, computeResource: { gpuCount: '1' } };
    expect(violations(withGroup({ ...group, allocationPolicy: { location }, taskSpec }))).toEqual([
      expect.objectContaining({ field: 'taskGroups[0].taskSpec.runnables[0].container.options' }),
      { field: 'taskGroups[0].requireHostsFile', description: 'no hosts file is written yet' },
      { field: 'taskGroups[0].permissiveSsh', description: 'there is no SSH between nodes here' },
      { field: 'taskGroups[0].allocationPolicy', description: "use the job's allocationPolicy" },
      expect.objectContaining({ field: 'taskGroups[0].taskSpec.computeResource.gpuCount' }),
    ]);
  });
});

describe('checkCapabilities of closed containers', () => {
  const closed = { container: { imageUri: 'busybox', blockExternalNetwork: true } };
  const taskSpec = { runnables: [closed, barrier, closed] };
  const field = 'taskGroups[0].taskSpec.runnables[0].container.blockExternalNetwork';
  const inZone = (zone: string) => ({ location: { allowedLocations: [`zones/${zone}`] } });
  const zoneField = ['allocationPolicy.location.allowedLocations[0]'];

  it('refuses them where there is no closed network, and takes them where there is one', () => {
    expect(refused(withGroup({ taskSpec }))).toEqual([field]);
    expect(refused(withGroup({ taskSpec }), withClosedNetwork)).toEqual([]);
  });

  it('refuses a group that is mixed', () => {
    const mixed = withGroup({ taskSpec: { runnables: [closed, script] } });
    expect(refused(mixed, withClosedNetwork)).toEqual(['taskGroups[0].taskSpec.runnables[1].script']);
  });

  it('looks for zones in the network of each group', () => {
    const open = { taskSpec: { runnables: [script] } };
    const job = (groups: object[], zone: string): Job => ({
      taskGroups: groups,
      allocationPolicy: inZone(zone),
    });
    expect(refused(job([{ taskSpec }], 'us-east-1b'), withClosedNetwork)).toEqual([]);
    expect(refused(job([{ taskSpec }], 'us-east-1a'), withClosedNetwork)).toEqual(zoneField);
    expect(refused(job([open], 'us-east-1b'), withClosedNetwork)).toEqual(zoneField);
    for (const zone of ['us-east-1a', 'us-east-1b'])
      expect(refused(job([open, { taskSpec }], zone), withClosedNetwork)).toEqual(zoneField);
  });

  it('needs no other network for noExternalIpAddress', () => {
    const job = withGroup(
      { taskSpec },
      { allocationPolicy: { network: { networkInterfaces: [{ noExternalIpAddress: true }] } } },
    );
    expect(refused(job, withClosedNetwork)).toEqual([]);
  });
});

describe('capabilityNotes', () => {
  it('says what has no effect, and nothing when all has', () => {
    const policy = {
      machineType: 'e2-standard-4',
      provisioningModel: 'SPOT',
      minCpuPlatform: 'Intel Skylake',
      bootDisk: { image: 'batch-debian', type: 'pd-ssd', sizeGb: '30' },
    };
    const at = 'allocationPolicy.instances[0].policy';
    expect(capabilityNotes(withInstance(policy))).toEqual([
      expect.stringContaining(`: ${at}.bootDisk.image, ${at}.bootDisk.type.`),
      'Nodes are linux/amd64, as "Intel Skylake" is; of which generation, Fargate lets nobody choose.',
    ]);
    expect(capabilityNotes(withInstance({ minCpuPlatform: 'Sun' }))).toEqual([
      expect.stringContaining(`: ${at}.minCpuPlatform.`),
    ]);
    expect(
      capabilityNotes(withInstance({ machineType: 'e2-standard-4', bootDisk: { image: 'python:3' } })),
    ).toEqual([]);
    expect(capabilityNotes(withGroup({}))).toEqual([]);
  });

  it('says what is of no use in a closed network, and to which groups', () => {
    const closed = {
      taskSpec: { runnables: [{ container: { imageUri: 'busybox', blockExternalNetwork: true } }] },
    };
    const open = { taskSpec: { runnables: [script] } };
    const allocationPolicy = {
      instances: [{ policy: { bootDisk: { image: 'python:3' } } }],
      serviceAccount: { email: 'science@example.org' },
    };
    expect(capabilityNotes({ taskGroups: [open, closed, closed], allocationPolicy })).toEqual([
      expect.stringMatching(/bootDisk\.image has no effect on taskGroups\[1\], taskGroups\[2\]\.$/),
      expect.stringMatching(/no use to taskGroups\[1\], taskGroups\[2\]\.$/),
    ]);
    expect(capabilityNotes({ taskGroups: [open], allocationPolicy })).toEqual([]);
    expect(capabilityNotes({ taskGroups: [closed] })).toEqual([]);
  });

  it('counts the labels that are too many for tags', () => {
    const labels = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`label-${at}`, 'x']));
    expect(capabilityNotes(withGroup({}, { labels }))).toEqual([expect.stringContaining('2 of the labels')]);
  });
});
