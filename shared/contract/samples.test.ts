import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jobSchema } from './job.ts';
import { acceptJob } from './job-rules.ts';
import { encodeMessage } from './proto/encode.ts';

const folder = new URL('./samples/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe.each(names)('%s', (name) => {
  const body: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const { job } = acceptJob(body);

  it('has what clients read without looking', () => {
    expect(job.allocationPolicy?.instances?.[0]).toBeDefined();
    for (const group of job.taskGroups ?? []) {
      expect(Number(group.taskCount)).toBeGreaterThan(0);
      expect(Number(group.parallelism)).toBeGreaterThan(0);
      expect(group.taskSpec?.computeResource).toHaveProperty('memoryMib');
    }
  });

  it('is accepted again as the service gives it back, with enums in either form', () => {
    for (const enumsAsNumbers of [false, true]) {
      const answer = JSON.stringify(encodeMessage(jobSchema, { ...job, uid: 'u' }, { enumsAsNumbers }));
      expect(acceptJob(JSON.parse(answer)).job).toEqual(job);
    }
  });
});

it('there are samples', () => {
  expect(names.length).toBeGreaterThanOrEqual(8);
});
