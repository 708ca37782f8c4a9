import { describe, expect, it } from 'vitest';
import type { ApiError } from '../contract/error.ts';
import type { Job } from '../contract/job.ts';
import { fargateCapabilities } from './fargate-capabilities.ts';

const { checkCapabilities, capabilityNotes } = fargateCapabilities({ nodeCores: 1, nodeMemoryMib: 2048 });
const script = { script: { text: 'true' } };
const barrier = { barrier: {} };
const withGroup = (group: object, job: object = {}): Job => ({
  taskGroups: [{ taskSpec: { runnables: [script] }, ...group }],
  ...job,
});
const withSpec = (spec: object) => withGroup({ taskSpec: { runnables: [script], ...spec } });

function refused(job: Job): string[] {
  try {
    checkCapabilities(job);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ status: 'UNIMPLEMENTED' });
    return (error as ApiError).violations.map(({ field }) => field);
  }
}

describe('checkCapabilities', () => {
  it('accepts what the defaults ask for, and a thousand barriers', () => {
    expect(refused(withSpec({ computeResource: { cpuMilli: '2000', memoryMib: '2000' } }))).toEqual([]);
    const runnables = Array.from({ length: 2_001 }, (_, at) => (at % 2 === 0 ? script : barrier));
    expect(refused(withSpec({ runnables }))).toEqual([]);
  });

  it.each([
    [
      'taskGroups[0].taskSpec.runnables[0].container',
      withSpec({ runnables: [{ container: { imageUri: 'x' } }] }),
    ],
    ['taskGroups[0].taskSpec.computeResource.cpuMilli', withSpec({ computeResource: { cpuMilli: '3000' } })],
    [
      'taskGroups[0].taskSpec.computeResource.memoryMib',
      withSpec({ computeResource: { memoryMib: '4000' } }),
    ],
    [
      'taskGroups[0].taskSpec.environment.secretVariables',
      withSpec({ environment: { secretVariables: { A: 'b' } } }),
    ],
    ['taskGroups[0].taskSpec.volumes', withSpec({ volumes: [{ mountPath: '/x' }] })],
    ['taskGroups[0].runAsNonRoot', withGroup({ runAsNonRoot: true })],
    [
      'allocationPolicy.instances[0].instanceTemplate',
      withGroup({}, { allocationPolicy: { instances: [{ instanceTemplate: 't' }] } }),
    ],
    ['taskGroups', { taskGroups: Array.from({ length: 41 }, () => ({ taskSpec: { runnables: [script] } })) }],
  ] as [string, Job][])('refuses %s', (field, job) => {
    expect(refused(job)).toEqual([field]);
  });

  it('refuses more stages than an execution has room for', () => {
    const runnables = Array.from({ length: 2_000 }, () => barrier);
    expect(refused(withSpec({ runnables }))).toEqual(['taskGroups']);
  });

  it('names all at once', () => {
    expect(refused(withGroup({ requireHostsFile: true, permissiveSsh: true }))).toHaveLength(2);
  });
});

describe('capabilityNotes', () => {
  it('says what has no effect, and nothing when all has', () => {
    const policy = { machineType: 'e2-standard-4', provisioningModel: 'SPOT' };
    const job = withGroup({}, { allocationPolicy: { instances: [{ policy }] } });
    expect(capabilityNotes(job)).toEqual([
      expect.stringContaining('allocationPolicy.instances[0].policy.machineType'),
    ]);
    expect(capabilityNotes(withGroup({}))).toEqual([]);
  });
});
