import { describe, expect, it } from 'vitest';
import { acceptJob } from './job-rules.ts';
import {
  aJob,
  type Json,
  many,
  manyLabels,
  type RefusedJob,
  script,
  violationsOf,
  withAllocation,
  withGroup,
  withRunnables,
  withSpec,
} from './rules/sample-jobs.ts';

const refused: RefusedJob[] = [
  ['no task group', { taskGroups: [] }, 'taskGroups', 'must have at least one task group; given none'],
  ['priority 100', aJob({ priority: 100 }), 'priority', 'must be from 0 to 99; given "100"'],
  ['priority -1', aJob({ priority: '-1' }), 'priority', 'must be from 0 to 99; given "-1"'],
  [
    'logs to no path',
    aJob({ logsPolicy: { destination: 'PATH' } }),
    'logsPolicy.logsPath',
    'must be an absolute path when the destination is PATH; given ""',
  ],
  [
    'an unknown field',
    aJob({ taskGroup: [] }),
    'taskGroup',
    'is not a field of Job (did you mean "taskGroups"?)',
  ],
  [
    'both names of a field',
    aJob({ logsPolicy: {}, logs_policy: {} }),
    'logsPolicy',
    'must be given once; given as both logsPolicy and logs_policy',
  ],
];

describe('jobs', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});

describe('a job is refused for', () => {
  it('a body over 1 MB', () => {
    const body = withRunnables({ script: { text: 'é'.repeat(600_000) } });
    expect(violationsOf(body)[0]?.description).toMatch(/at most 1048576 bytes of JSON; given 1200\d\d\d$/);
  });

  it.each([undefined, null, [], 'job', 5])('a body that is %j', (body) => {
    expect(violationsOf(body)[0]?.description).toMatch(/^must be an object \(Job\)/);
  });

  it('all its faults at once, without the echo of unreadable values', () => {
    const body = { ...withGroup({ taskCount: 'x', parallelism: 9999 }), priority: 200, taskSpec: 1 };
    expect(
      violationsOf(body)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['priority', 'taskGroups[0].parallelism', 'taskGroups[0].taskCount', 'taskSpec']);
  });
});

describe('a job is accepted with', () => {
  const accepted: [string, Json][] = [
    ['only a barrier', withRunnables({ barrier: {} })],
    ['more parallelism than tasks', withGroup({ taskCount: 2, parallelism: 100 })],
    ['as many tasks as environments', withGroup({ taskCount: 2, taskEnvironments: [{}, {}] })],
    ['two task groups', aJob({ taskGroups: many(2, () => ({ taskSpec: { runnables: [script] } })) })],
    ["Cromwell's label", aJob({ labels: { 'goog-batch-worker': 'true' } })],
    ['a label in another script', aJob({ labels: { größe: 'klein' } })],
    ['63 labels', aJob({ labels: manyLabels(63) })],
    [
      'zones named as by AWS',
      withAllocation({ location: { allowedLocations: ['zones/us-east-1a', 'zones/us-east-1b'] } }),
    ],
    [
      'reserved exit codes',
      withSpec({ lifecyclePolicies: [{ action: 1, actionCondition: { exitCodes: [50001, 255] } }] }),
    ],
    [
      'the proto3 zeros of a client that writes all fields',
      {
        ...withGroup({
          taskCount: '0',
          parallelism: '0',
          taskCountPerNode: '0',
          schedulingPolicy: 0,
          labels: {},
          taskEnvironments: [],
        }),
        priority: '0',
        notifications: [],
        dependencies: [],
      },
    ],
    ['a notification about tasks', aJob({ notifications: [{ message: { type: 2, newJobState: 0 } }] })],
  ];
  it.each(accepted)('%s', (_, body) => {
    expect(violationsOf(body)).toEqual([]);
  });

  it('output-only fields, which are dropped', () => {
    const { job } = acceptJob({
      ...withGroup({ name: 'g' }),
      name: 'x',
      uid: 'y',
      status: { novelty: 1 },
      create_time: 'z',
      updateTime: 5,
    });
    expect(Object.keys(job).sort()).toEqual(['allocationPolicy', 'priority', 'taskGroups']);
    expect(job.taskGroups?.[0]).not.toHaveProperty('name');
  });
});
