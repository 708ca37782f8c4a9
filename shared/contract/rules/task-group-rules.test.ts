import { describe, expect, it } from 'vitest';
import { many, type RefusedJob, SPEC, violationsOf, withGroup } from './sample-jobs.ts';

const refused: RefusedJob[] = [
  ['no task spec', { taskGroups: [{}] }, SPEC, 'is required; given nothing'],
  [
    'a negative task count',
    withGroup({ taskCount: -1 }),
    'taskGroups[0].taskCount',
    'must be from 1 to 100000; given "-1"',
  ],
  [
    'too many tasks',
    withGroup({ taskCount: 100_001 }),
    'taskGroups[0].taskCount',
    'must be from 1 to 100000; given "100001"',
  ],
  [
    'too much parallelism',
    withGroup({ taskCount: 9000, parallelism: 5001 }),
    'taskGroups[0].parallelism',
    'must be from 1 to 5000; given "5001"',
  ],
  [
    'parallelism in order',
    withGroup({ parallelism: 2, schedulingPolicy: 'IN_ORDER' }),
    'taskGroups[0].parallelism',
    'must be 1 when schedulingPolicy is IN_ORDER; given "2"',
  ],
  [
    'negative tasks per node',
    withGroup({ taskCountPerNode: '-2' }),
    'taskGroups[0].taskCountPerNode',
    'must be positive; given "-2"',
  ],
  [
    '201 environments',
    withGroup({ taskEnvironments: many(201, () => ({})) }),
    'taskGroups[0].taskEnvironments',
    'must be at most 200 environments; given 201',
  ],
  [
    'another count than environments',
    withGroup({ taskCount: 3, taskEnvironments: [{}, {}] }),
    'taskGroups[0].taskCount',
    'must be absent or 2, the number of taskEnvironments; given "3"',
  ],
];

describe('task groups', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
