import { describe, expect, it } from 'vitest';
import { fillLocation } from './job-defaults.ts';
import { acceptJob } from './job-rules.ts';
import { aJob, script, withAllocation, withGroup, withSpec } from './rules/sample-jobs.ts';

describe('defaults', () => {
  it('are filled in where a job says nothing', () => {
    const { job, given } = acceptJob(aJob());
    expect(job).toEqual({
      priority: '0',
      taskGroups: [
        {
          taskSpec: {
            runnables: [script],
            computeResource: { cpuMilli: '2000', memoryMib: '2000' },
            maxRetryCount: 0,
          },
          taskCount: '1',
          parallelism: '1',
          schedulingPolicy: 'AS_SOON_AS_POSSIBLE',
        },
      ],
      allocationPolicy: { instances: [{ policy: { provisioningModel: 'STANDARD' } }] },
    });
    expect(given).toEqual({ cpuMilli: [false], memoryMib: [false] });
  });

  it.each([
    [{ taskCount: 9000 }, '9000', '5000'],
    [{ taskCount: 8 }, '8', '8'],
    [{ taskCount: 8, parallelism: 3 }, '8', '3'],
    [{ taskCount: 8, schedulingPolicy: 'IN_ORDER' }, '8', '1'],
    [{ taskEnvironments: [{}, {}, {}] }, '3', '3'],
  ])('of %j are %s tasks, %s at once', (group, taskCount, parallelism) => {
    expect(acceptJob(withGroup(group)).job.taskGroups?.[0]).toMatchObject({ taskCount, parallelism });
  });

  it('leave what was given', () => {
    const instances = [{ instanceTemplate: 't' }];
    const { job, given } = acceptJob({
      ...withSpec({ computeResource: { cpuMilli: 500 } }),
      allocationPolicy: { instances },
    });
    expect(job.taskGroups?.[0]?.taskSpec?.computeResource).toEqual({ cpuMilli: '500', memoryMib: '2000' });
    expect(job.allocationPolicy?.instances).toEqual(instances);
    expect(given.cpuMilli).toEqual([true]);
  });

  it('do not touch the body', () => {
    const body = withSpec({ environments: { A: '1' } });
    const copy = structuredClone(body);
    acceptJob(body);
    expect(body).toEqual(copy);
  });

  it("of the location are the job's own region", () => {
    const { job } = acceptJob(aJob());
    expect(fillLocation(job, 'us-east-1').allocationPolicy?.location).toEqual({
      allowedLocations: ['regions/us-east-1'],
    });
    const placed = acceptJob(withAllocation({ location: { allowedLocations: ['zones/us-east-1a'] } })).job;
    expect(fillLocation(placed, 'us-east-1')).toBe(placed);
  });
});
