import { expect, it } from 'vitest';
import { failureLine } from './failures.ts';

it.each([
  { failure: { task: 'group0/3' }, line: 'group0/3 failed' },
  { failure: { task: 'group0/3', exitCode: 0, attempts: 1 }, line: 'group0/3 failed with exit code 0' },
  {
    failure: { task: 'group0/3', exitCode: 2, attempts: 3 },
    line: 'group0/3 failed with exit code 2 after 3 attempts',
  },
  {
    failure: {
      task: 'group0/3',
      exitCode: 2,
      description: 'Task state is updated from RUNNING to FAILED on zones/z/instances/1 with exit code 2.',
    },
    line: 'group0/3 failed with exit code 2',
  },
  {
    failure: {
      task: 'group0/3',
      exitCode: 50001,
      description:
        'Task state is updated from RUNNING to FAILED on zones/z/instances/1 due to Spot VM preemption with exit code 50001.',
    },
    line: 'group0/3 failed with exit code 50001: Task state is updated from RUNNING to FAILED on zones/z/instances/1 due to Spot VM preemption with exit code 50001.',
  },
])('$line', ({ failure, line }) => {
  expect(failureLine(failure)).toBe(line);
});
