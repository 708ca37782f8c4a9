import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApiError } from '../shared/contract/error.ts';
import type { Job } from '../shared/contract/job.ts';
import { acceptJob } from '../shared/contract/job-rules.ts';
import { capabilityNotes, checkCapabilities } from './capabilities.ts';
import { temporaryFolder } from './testing/service-for-test.ts';

const runnables = [{ script: { text: ':' } }];
const jobWith = (group: object, job: object = {}, spec: object = {}) =>
  acceptJob({ taskGroups: [{ taskSpec: { runnables, ...spec }, ...group }], ...job }).job;

/** Where there is an engine. */
const check = (job: Job, secretsFile?: string) => checkCapabilities(job, secretsFile, async () => undefined);

async function refused(act: () => Promise<void>): Promise<ApiError> {
  try {
    await act();
  } catch (error) {
    return error as ApiError;
  }
  throw new Error('nothing was refused');
}

describe('what one machine cannot honour is refused by name', () => {
  const gpu = { instances: [{ policy: { accelerators: [{ type: 'nvidia-tesla-t4', count: '1' }] } }] };
  const disks = (...given: object[]) => ({ allocationPolicy: { instances: [{ policy: { disks: given } }] } });
  const container = (given: object) => ({ runnables: [{ container: { imageUri: 'busybox', ...given } }] });
  const onContainers = container({});
  it.each<[field: string, group: object, job: object, spec: object]>([
    ['taskGroups[0].requireHostsFile', { requireHostsFile: true }, {}, {}],
    ['taskGroups[0].permissiveSsh', { permissiveSsh: true }, {}, {}],
    ['notifications[0]', {}, { notifications: [{ topicName: 'x'.repeat(201) }] }, {}],
    ['allocationPolicy.instances[0].policy.accelerators', {}, { allocationPolicy: gpu }, {}],
    ['allocationPolicy.instances[0].policy.disks[0].existingDisk', {}, disks({ existingDisk: 'd' }), {}],
    ['allocationPolicy.instances[0].policy.disks[0].newDisk', {}, disks({ newDisk: { image: 'i' } }), {}],
    ['taskGroups[0].taskSpec.runnables[0].container.options', {}, {}, container({ options: '--gpus all' })],
    [
      'taskGroups[0].taskSpec.volumes[0].nfs',
      {},
      {},
      { ...onContainers, volumes: [{ nfs: { server: '10.0.0.1', remotePath: '/x' }, mountPath: '/mnt/x' }] },
    ],
    [
      'taskGroups[0].taskSpec.volumes[0].gcs',
      {},
      {},
      { ...onContainers, volumes: [{ gcs: { remotePath: 'bucket' }, mountPath: '/mnt/x' }] },
    ],
    [
      'taskGroups[0].taskSpec.volumes[0].mountOptions',
      {},
      {},
      {
        ...onContainers,
        volumes: [{ deviceName: 'd', mountPath: '/mnt/x', mountOptions: ['rw', 'ro,noexec'] }],
      },
    ],
    ['taskGroups[0].taskSpec.volumes', {}, {}, { volumes: [{ deviceName: 'd', mountPath: '/mnt/x' }] }],
    [
      'taskGroups[0].taskSpec.environment.encryptedVariables',
      {},
      {},
      { environment: { encryptedVariables: { keyName: 'k', cipherText: 'c' } } },
    ],
  ])('%s', async (field, group, job, spec) => {
    const error = await refused(() => check(jobWith(group, job, spec)));
    expect(error.status).toBe('UNIMPLEMENTED');
    expect(error.violations.map((violation) => violation.field)).toContain(field);
    expect(error.message).toContain(field);
  });

  it('all at once, those of containers last', async () => {
    const location = { allowedLocations: ['regions/us-central1'] };
    const group = { requireHostsFile: true, permissiveSsh: true };
    const given = { ...group, allocationPolicy: { location }, serviceAccount: { email: 'a@example.org' } };
    const error = await refused(() => check(jobWith(given, {}, container({ options: '--gpus all' }))));
    expect(error.violations.map(({ field }) => field)).toEqual([
      'taskGroups[0].requireHostsFile',
      'taskGroups[0].permissiveSsh',
      'taskGroups[0].allocationPolicy',
      'taskGroups[0].serviceAccount',
      'taskGroups[0].taskSpec.runnables[0].container.options',
    ]);
    expect(error.message).toBe(
      'taskGroups[0].requireHostsFile is not supported here: no hosts file is written yet.',
    );
  });

  it('scripts that must not be root where they cannot be anything else', async () => {
    const isRootsOnly = (job: Job) =>
      checkCapabilities(
        job,
        undefined,
        async () => undefined,
        () => 'there is no setpriv',
      );
    const error = await refused(() => isRootsOnly(jobWith({ runAsNonRoot: true })));
    expect(error.violations).toEqual([
      { field: 'taskGroups[0].runAsNonRoot', description: 'there is no setpriv' },
    ]);
    await isRootsOnly(jobWith({ runAsNonRoot: true }, {}, onContainers));
    await isRootsOnly(jobWith({}));
  });

  it('a container that is to be root in a group that must not be', async () => {
    const group = { runAsNonRoot: true };
    for (const options of ['--user root', '-u 0:5', '--user=00']) {
      const error = await refused(() => check(jobWith(group, {}, container({ options }))));
      expect(error).toMatchObject({
        status: 'INVALID_ARGUMENT',
        violations: [
          {
            field: 'taskGroups[0].taskSpec.runnables[0].container.options',
            description: expect.stringMatching(/^--user \S+ is root, and the task group says runAsNonRoot/),
          },
        ],
      });
    }
    await check(jobWith(group, {}, container({ options: '--user 7' })));
    await check(jobWith({}, {}, container({ options: '--user root' })));
  });

  it('a plain job is taken', async () => {
    await check(jobWith({}));
  });

  it('a job of containers is taken, with a disk for them', async () => {
    const disk = { newDisk: { sizeGb: '10' }, deviceName: 'scratch' };
    const mountOptions = ['-o rw,async'];
    const volumes = [{ deviceName: 'scratch', mountPath: '/mnt/disks/scratch', mountOptions }];
    const job = jobWith({}, disks(disk), { ...container({ options: '--init' }), volumes });
    await check(job);
    expect(capabilityNotes(job)).toEqual([expect.stringMatching(/^A disk is a folder on one machine/)]);
  });

  it('a job of containers is refused where there is no engine, with the reason; one of scripts is not', async () => {
    const noEngine = async () => 'no container engine answers at unix:///x (there is no such socket)';
    await checkCapabilities(jobWith({}), undefined, noEngine);
    const error = await refused(() => checkCapabilities(jobWith({}, {}, container({})), undefined, noEngine));
    expect(error.status).toBe('UNIMPLEMENTED');
    expect(error.message).toBe(
      "taskGroups[0].taskSpec.runnables[0].container is not supported here: containers need Docker's engine, and no container engine answers at unix:///x (there is no such socket); start it, set DOCKER_HOST, or use a script.",
    );
  });
});

describe('a container that nobody could run is refused as a mistake', () => {
  const field = 'taskGroups[0].taskSpec.runnables[0].container';
  it.each([
    ['volumes[0]', { volumes: ['relative:/x'] }],
    ['imageUri', { imageUri: 'No Image' }],
    ['options', { options: '--shm-size lots' }],
    ['password', { username: 'ana' }],
    ['password', { username: 'ana', password: 'projects/p/secrets/none/versions/1' }],
  ])('%s: %j', async (name, given) => {
    const runnables = [{ container: { imageUri: 'busybox', ...given } }];
    const error = await refused(() => check(jobWith({}, {}, { runnables })));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.violations.map((violation) => violation.field)).toEqual([`${field}.${name}`]);
  });
});

describe('what has no effect is said', () => {
  it('for the fields that clients send for machines', () => {
    const policy = { machineType: 'e2-standard-4', provisioningModel: 'SPOT' };
    const notes = capabilityNotes(
      jobWith({}, { allocationPolicy: { instances: [{ policy }], tags: ['a'] } }),
    );
    expect(notes).toEqual([
      'These fields have no effect on one machine, whose nodes are processes on it: allocationPolicy.instances[0].policy.machineType, allocationPolicy.instances[0].policy.provisioningModel, allocationPolicy.tags.',
    ]);
  });

  it('that scripts are not held to the memory that was given', () => {
    const memory = jobWith({}, {}, { computeResource: { memoryMib: '100' } });
    expect(capabilityNotes(memory, [true])).toEqual([
      'Scripts are not held to their memory on one machine: a task can take what the machine has: taskGroups[0].taskSpec.computeResource.memoryMib.',
    ]);
    const contained = jobWith({}, {}, { runnables: [{ container: { imageUri: 'busybox' } }] });
    expect(capabilityNotes(contained, [true])).toEqual([]);
  });

  it('and not for defaults', () => {
    expect(capabilityNotes(jobWith({}), [false])).toEqual([]);
  });
});

describe('secrets', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'secrets.json');
  const job = jobWith(
    {},
    {},
    { environment: { secretVariables: { TOKEN: 'projects/p/secrets/token/versions/1' } } },
  );

  it('that are nowhere are refused with the path of their variable', async () => {
    const error = await refused(() => check(job, file));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.violations).toEqual([
      {
        field: 'taskGroups[0].taskSpec.environment.secretVariables.TOKEN',
        description: expect.stringContaining('SLUICE_SECRET_TOKEN'),
      },
    ]);
  });

  it('in a file that others can read are refused, with what to do', async () => {
    writeFileSync(file, JSON.stringify({ token: 'x' }), { mode: 0o644 });
    chmodSync(file, 0o644);
    expect((await refused(() => check(job, file))).message).toContain('chmod 600');
  });

  it('in a file of mode 600 are found', async () => {
    chmodSync(file, 0o600);
    await check(job, file);
  });
});
