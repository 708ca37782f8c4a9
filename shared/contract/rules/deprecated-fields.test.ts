import { describe, expect, it } from 'vitest';
import { acceptJob } from '../job-rules.ts';
import { aJob, type RefusedJob, SPEC, violationsOf, withAllocation, withSpec } from './sample-jobs.ts';

const refused: RefusedJob[] = [
  [
    'contradicting environments',
    withSpec({ environments: { A: '1' }, environment: { variables: { A: '2' } } }),
    `${SPEC}.environments`,
    'must be absent or the same as environment.variables, which replaces it; given {"A":"1"} and {"A":"2"}',
  ],
  [
    'contradicting notifications',
    aJob({ notification: { pubsubTopic: 'projects/p/topics/a' }, notifications: [{}] }),
    'notification',
    'must be absent or the same as notifications, which replaces it; given [{"pubsubTopic":"projects/p/topics/a"}] and [{}]',
  ],
  [
    'contradicting accounts',
    withAllocation({ serviceAccountEmail: 'a@b', serviceAccount: { email: 'c@d' } }),
    'allocationPolicy.serviceAccountEmail',
    'must be absent or the same as serviceAccount.email, which replaces it; given "a@b" and "c@d"',
  ],
  [
    'two provisioning models',
    withAllocation({ provisioningModels: ['SPOT', 'STANDARD'] }),
    'allocationPolicy.provisioningModels',
    'must be at most 1 item; given 2',
  ],
];

describe('deprecated fields', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});

describe('deprecated fields of an accepted job', () => {
  it('move to the ones that replaced them', () => {
    const notification = { pubsubTopic: 'projects/p/topics/t' };
    const { job } = acceptJob({
      ...withSpec({ environments: { A: '1' } }),
      notification,
      allocationPolicy: {
        instance: { allowedMachineTypes: ['m'], accelerators: [{ type: 'gpu', installGpuDrivers: true }] },
        provisioningModels: ['SPOT'],
        serviceAccountEmail: 'a@b',
      },
    });
    expect(job.notifications).toEqual([notification]);
    expect(job.taskGroups?.[0]?.taskSpec?.environment).toEqual({ variables: { A: '1' } });
    expect(job.allocationPolicy).toEqual({
      serviceAccount: { email: 'a@b' },
      instances: [
        {
          policy: { machineType: 'm', accelerators: [{ type: 'gpu' }], provisioningModel: 'SPOT' },
          installGpuDrivers: true,
        },
      ],
    });
    for (const field of ['notification', 'environments'])
      expect(JSON.stringify(job)).not.toContain(`"${field}"`);
  });

  it('may repeat what replaced them', () => {
    const body = withAllocation({
      instanceTemplates: ['t'],
      instances: [{ instanceTemplate: 't' }],
    });
    expect(acceptJob(body).job.allocationPolicy).toEqual({ instances: [{ instanceTemplate: 't' }] });
  });
});
