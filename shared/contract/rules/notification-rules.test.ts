import { describe, expect, it } from 'vitest';
import { aJob, type RefusedJob, violationsOf } from './sample-jobs.ts';

const refused: RefusedJob[] = [
  [
    'a topic of another form',
    aJob({ notifications: [{ pubsubTopic: 'jobs' }] }),
    'notifications[0].pubsubTopic',
    'must be of the form projects/{project}/topics/{topic}; given "jobs"',
  ],
  [
    'a message about both',
    aJob({ notifications: [{ message: { type: 1, newTaskState: 'FAILED' } }] }),
    'notifications[0].message',
    'must be about the job or about its tasks, not both; given type JOB_STATE_CHANGED and newTaskState FAILED',
  ],
];

describe('notifications', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
