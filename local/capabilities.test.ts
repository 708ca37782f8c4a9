import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApiError } from '../shared/contract/error.ts';
import { acceptJob } from '../shared/contract/job-rules.ts';
import { capabilityNotes, checkCapabilities } from './capabilities.ts';
import { temporaryFolder } from './testing/service-for-test.ts';

const runnables = [{ script: { text: ':' } }];
const jobWith = (group: object, job: object = {}, spec: object = {}) =>
  acceptJob({ taskGroups: [{ taskSpec: { runnables, ...spec }, ...group }], ...job }).job;

function refused(check: () => void): ApiError {
  try {
    check();
  } catch (error) {
    return error as ApiError;
  }
  throw new Error('nothing was refused');
}

describe('what one machine cannot honour is refused by name', () => {
  const gpu = { instances: [{ policy: { accelerators: [{ type: 'nvidia-tesla-t4', count: '1' }] } }] };
  const disks = {
    instances: [{ policy: { disks: [{ newDisk: { sizeGb: '10' }, deviceName: 'scratch' }] } }],
  };
  it.each<[field: string, group: object, job: object, spec: object]>([
    ['taskGroups[0].requireHostsFile', { requireHostsFile: true }, {}, {}],
    ['taskGroups[0].permissiveSsh', { permissiveSsh: true }, {}, {}],
    ['taskGroups[0].runAsNonRoot', { runAsNonRoot: true }, {}, {}],
    ['notifications[0]', {}, { notifications: [{ topicName: 'x'.repeat(201) }] }, {}],
    ['allocationPolicy.instances[0].policy.accelerators', {}, { allocationPolicy: gpu }, {}],
    ['allocationPolicy.instances[0].policy.disks', {}, { allocationPolicy: disks }, {}],
    [
      'taskGroups[0].taskSpec.runnables[0].container',
      {},
      {},
      { runnables: [{ container: { imageUri: 'busybox' } }] },
    ],
    [
      'taskGroups[0].taskSpec.volumes',
      {},
      {},
      { volumes: [{ nfs: { server: '10.0.0.1', remotePath: '/x' }, mountPath: '/mnt/x' }] },
    ],
    [
      'taskGroups[0].taskSpec.environment.encryptedVariables',
      {},
      {},
      { environment: { encryptedVariables: { keyName: 'k', cipherText: 'c' } } },
    ],
  ])('%s', (field, group, job, spec) => {
    const error = refused(() => checkCapabilities(jobWith(group, job, spec)));
    expect(error.status).toBe('UNIMPLEMENTED');
    expect(error.violations.map((violation) => violation.field)).toContain(field);
    expect(error.message).toContain(field);
  });

  it('a plain job is taken', () => {
    expect(() => checkCapabilities(jobWith({}))).not.toThrow();
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

  it('and not for defaults', () => {
    expect(capabilityNotes(jobWith({}))).toEqual([]);
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

  it('that are nowhere are refused with the path of their variable', () => {
    const error = refused(() => checkCapabilities(job, file));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.violations).toEqual([
      {
        field: 'taskGroups[0].taskSpec.environment.secretVariables.TOKEN',
        description: expect.stringContaining('SLUICE_SECRET_TOKEN'),
      },
    ]);
  });

  it('in a file that others can read are refused, with what to do', () => {
    writeFileSync(file, JSON.stringify({ token: 'x' }), { mode: 0o644 });
    chmodSync(file, 0o644);
    expect(refused(() => checkCapabilities(job, file)).message).toContain('chmod 600');
  });

  it('in a file of mode 600 are found', () => {
    chmodSync(file, 0o600);
    expect(() => checkCapabilities(job, file)).not.toThrow();
  });
});
