import { describe, expect, it } from 'vitest';
import {
  aJob,
  manyLabels,
  type RefusedJob,
  script,
  violationsOf,
  withAllocation,
  withGroup,
  withRunnables,
} from './sample-jobs.ts';

const refused: RefusedJob[] = [
  [
    'an upper-case label',
    aJob({ labels: { Env: 'x' } }),
    'labels["Env"]',
    'label key must be a lowercase letter and up to 62 lowercase letters, digits, "_" or "-"; given "Env"',
  ],
  [
    'an upper-case label value',
    aJob({ labels: { env: 'X' } }),
    'labels["env"]',
    'must be at most 63 lowercase letters, digits, "_" or "-"; given "X"',
  ],
  [
    'a reserved label',
    aJob({ labels: { 'goog-x': '1' } }),
    'labels["goog-x"]',
    'label key must not start with "goog-" or "google-"; given "goog-x"',
  ],
  [
    'a predefined label',
    withAllocation({ labels: { 'batch-job-id': 'x' } }),
    'allocationPolicy.labels["batch-job-id"]',
    'label "batch-job-id" is set by the service and must not be given',
  ],
  [
    '64 labels in job and runnables',
    { ...withRunnables({ ...script, labels: manyLabels(4) }), labels: manyLabels(60) },
    'labels',
    'must be at most 63 labels of a job and its runnables; given 64',
  ],
  [
    '65 labels of a group',
    withGroup({ labels: manyLabels(65) }),
    'taskGroups[0].labels',
    'must be at most 64 labels of a task group; given 65',
  ],
];

describe('labels', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
