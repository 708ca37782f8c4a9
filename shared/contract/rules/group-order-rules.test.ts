import { expect, it } from 'vitest';
import type { ApiError } from '../error.ts';
import { acceptJob } from '../job-rules.ts';

const group = (dependsOn: object) => ({ dependsOn, taskSpec: { runnables: [{ script: { text: ':' } }] } });

function violations(groups: object[]): string[] {
  try {
    acceptJob({ taskGroups: groups });
    return [];
  } catch (error) {
    return (error as ApiError).violations.map(({ field, description }) => `${field}: ${description}`);
  }
}

it('takes a graph of groups, with the state by name or number', () => {
  expect(
    violations([group({}), group({ group0: 'SUCCEEDED' }), group({ group0: 2, group1: 'FINISHED' })]),
  ).toEqual([]);
});

it.each([
  [
    'a group that is not there',
    [group({ group7: 'SUCCEEDED' })],
    [
      'taskGroups[0].dependsOn["group7"]: must name a task group of this job, which has group0; given "group7"',
    ],
  ],
  [
    'itself',
    [group({ group0: 'FAILED' })],
    ['taskGroups: must not depend on one another in a circle; given group0 after group0'],
  ],
  [
    'a circle',
    [group({ group2: 'FAILED' }), group({ group0: 'FINISHED' }), group({ group1: 'SUCCEEDED' })],
    [
      'taskGroups: must not depend on one another in a circle; given group0 after group2 after group1 after group0',
    ],
  ],
])('refuses %s', (_, groups, problems) => {
  expect(violations(groups)).toEqual(problems);
});
