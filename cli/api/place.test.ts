import { describe, expect, it } from 'vitest';
import { parseJob, parseTarget, parseTask } from './place.ts';

const place = { project: 'local', location: 'us-central1' };
const job = { ...place, jobId: 'my-job' };
const full = 'projects/p/locations/europe-west1/jobs/other';
const other = { project: 'p', location: 'europe-west1', jobId: 'other' };

describe('parseTarget', () => {
  it.each([
    { text: 'my-job', target: { kind: 'job', job } },
    { text: 'my-job/group1', target: { kind: 'group', job, groupId: 'group1' } },
    { text: 'my-job/group0/3', target: { kind: 'task', job, task: { ...job, groupId: 'group0', index: 3 } } },
    { text: full, target: { kind: 'job', job: other } },
    { text: `${full}/taskGroups/group0`, target: { kind: 'group', job: other, groupId: 'group0' } },
    {
      text: `${full}/taskGroups/group0/tasks/7`,
      target: { kind: 'task', job: other, task: { ...other, groupId: 'group0', index: 7 } },
    },
  ])('$text', ({ text, target }) => {
    expect(parseTarget(text, place)).toMatchObject(target);
  });

  it.each([
    '',
    'My-Job',
    '-job',
    'job-',
    'my-job/group0/x',
    'my-job/group0/01',
    'my-job/Group',
    'a/b/1/2',
    'projects/p',
  ])('refuses %j', (text) => {
    expect(() => parseTarget(text, place)).toThrow();
  });
});

describe('parseTask', () => {
  const task = { ...job, groupId: 'group0', index: 3 };
  it.each([
    { name: 'an index of a job', args: ['3', place, 'my-job'], task },
    {
      name: 'an index of a job and a group',
      args: ['3', place, 'my-job', 'align'],
      task: { ...task, groupId: 'align' },
    },
    { name: 'a group and an index', args: ['align/3', place, 'my-job'], task: { ...task, groupId: 'align' } },
    { name: 'job, group and index', args: ['my-job/group0/3', place], task },
    {
      name: 'a full name',
      args: [`${full}/taskGroups/group0/tasks/7`, place],
      task: { ...other, groupId: 'group0', index: 7 },
    },
  ] as { name: string; args: Parameters<typeof parseTask>; task: object }[])(
    'reads $name',
    ({ args, task }) => {
      expect(parseTask(...args)).toMatchObject(task);
    },
  );

  it('refuses a job', () => {
    expect(() => parseTask('my-job', place)).toThrow(/names no task/);
  });
});

it('refuses a task where a job is wanted', () => {
  expect(() => parseJob('my-job/group0/3', place)).toThrow(/names more than a job/);
});
