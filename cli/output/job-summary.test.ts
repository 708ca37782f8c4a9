import { expect, it } from 'vitest';
import type { Job } from '../../shared/contract/job.ts';
import { jobSummary } from './job-summary.ts';

const job: Job = {
  name: 'projects/p/locations/l/jobs/second',
  taskGroups: [
    { name: 'projects/p/locations/l/jobs/second/taskGroups/group0', taskCount: '3', parallelism: '2' },
    {
      name: 'projects/p/locations/l/jobs/second/taskGroups/group1',
      taskCount: '1',
      dependsOn: { group0: 'SUCCEEDED' },
    },
  ],
  status: {
    state: 'QUEUED',
    taskGroups: {
      group0: { counts: { SUCCEEDED: '2', FAILED: '1' } },
      group1: { counts: { UNEXECUTED: '1' } },
    },
  },
};

it('shows each group with its counts and what it comes after, and jobs in both directions', () => {
  const lines = jobSummary(job, (_, text) => text, {
    waitingFor: 'waits for nodes: it wants 5 of 10 and 2 are free; it is number 3 in the queue',
    dependencies: [
      { job: 'projects/p/locations/l/jobs/first', need: 'SUCCEEDED', verdict: 'MET', was: 'SUCCEEDED' },
    ],
    dependents: ['projects/p/locations/l/jobs/third', 'projects/p/locations/l/jobs/fourth'],
  });
  expect(lines.map((line) => line.replace(/ {2,}/, ': '))).toEqual(
    expect.arrayContaining([
      'waits for: nodes: it wants 5 of 10 and 2 are free; it is number 3 in the queue',
      'depends on: first=SUCCEEDED (met)',
      'awaited by: third, fourth',
      'group0: 3 tasks, 2 at once: SUCCEEDED 2, FAILED 1',
      'group1: 1 task, after group0=SUCCEEDED: UNEXECUTED 1',
    ]),
  );
});
