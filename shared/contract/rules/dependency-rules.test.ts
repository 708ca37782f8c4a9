import { describe, expect, it } from 'vitest';
import { aJob, type RefusedJob, violationsOf, withDependencies } from './sample-jobs.ts';

const refused: RefusedJob[] = [
  ['two dependencies', aJob({ dependencies: [{}, {}] }), 'dependencies', 'must be at most 1 item; given 2'],
  [
    'five jobs depended on',
    withDependencies({ a: 1, b: 1, c: 1, d: 1, e: 1 }),
    'dependencies[0].items',
    'must be at most 4 jobs; given 5',
  ],
  [
    'a dependency of no kind',
    withDependencies({ a: 0 }),
    'dependencies[0].items["a"]',
    'must be SUCCEEDED, FAILED or FINISHED; given "TYPE_UNSPECIFIED"',
  ],
  [
    'a dependency on no job',
    withDependencies({ 'A/b': 1 }),
    'dependencies[0].items["A/b"]',
    'must name a job by its id or as projects/{project}/locations/{location}/jobs/{job}; given "A/b"',
  ],
];

describe('dependencies', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
