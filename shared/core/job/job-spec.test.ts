import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../contract/job.ts';
import { acceptJob } from '../../contract/job-rules.ts';
import { outlineOf, specRecord, wholeSpec } from './job-spec.ts';

const folder = new URL('../../contract/samples/', import.meta.url);
const samples = readdirSync(folder).filter((name) => name.endsWith('.json'));

const again = (spec: Job): Job => {
  // As the store keeps them.
  const [outline, record] = JSON.parse(JSON.stringify([outlineOf(spec), specRecord(spec)]));
  return wholeSpec(outline, record);
};

describe('a spec in two records', () => {
  it.each(samples)('comes back as it was: %s', (name) => {
    const { job } = acceptJob(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
    expect(again(job)).toEqual(job);
  });

  it.each<[string, Job]>([
    ['without groups', { priority: '3' }],
    ['without a task spec', { taskGroups: [{ taskCount: '2' }] }],
    ['with an empty task spec', { taskGroups: [{ taskSpec: {} }, { taskEnvironments: [] }] }],
  ])('comes back as it was: %s', (_, job) => {
    expect(again(job)).toEqual(job);
  });

  it('follows a change of the outline', () => {
    const job: Job = {
      taskGroups: [{ taskCount: '2', taskSpec: { runnables: [{ script: { text: ':' } }] } }],
    };
    const raised = { taskGroups: [{ ...outlineOf(job).taskGroups?.[0], taskCount: '5' }] };
    expect(wholeSpec(raised, specRecord(job)).taskGroups).toEqual([
      { taskCount: '5', taskSpec: { runnables: [{ script: { text: ':' } }] } },
    ]);
  });

  it('has what tasks do in one of them alone, and so an outline that is small', () => {
    const text = 'x'.repeat(50_000);
    const variables = { TEXT: text };
    const taskSpec = { runnables: [{ script: { text } }], environment: { variables }, volumes: [] };
    const taskEnvironments = Array.from({ length: 10 }, () => ({ variables }));
    const { job } = acceptJob({ labels: { a: 'b' }, taskGroups: [{ taskSpec, taskEnvironments }] });
    const outline = outlineOf(job);
    expect(JSON.stringify(outline).length).toBeLessThan(600);
    expect(outline.taskGroups?.[0]).toMatchObject({ taskCount: '10', taskSpec: { maxRetryCount: 0 } });
    expect(outlineOf(outline)).toEqual(outline);
  });
});
