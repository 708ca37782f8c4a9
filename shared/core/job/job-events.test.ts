import { describe, expect, it } from 'vitest';
import { IllegalTransitionError } from '../state-table.ts';
import { failureSuffix, moveJob, noteOnJob } from './job-events.ts';
import type { JobRecord } from './job-record.ts';

function aJob(given: Partial<JobRecord> = {}): JobRecord {
  return {
    uid: 'j-1',
    project: 'p',
    location: 'us-central1',
    jobId: 'align',
    spec: {},
    createdAt: 1,
    updatedAt: 1,
    state: 'QUEUED',
    events: [],
    operations: [],
    cpuGiven: [],
    ...given,
  };
}
const name = 'projects/p/locations/us-central1/jobs/align';

describe('moveJob', () => {
  it('moves the job and says so in the words that clients match', () => {
    const job = aJob({ waitingFor: 'room' });
    moveJob(job, 'admitted', 5);
    expect(job).toMatchObject({ state: 'SCHEDULED', updatedAt: 5 });
    expect(job.waitingFor).toBeUndefined();
    expect(job.events).toEqual([
      {
        at: 5,
        type: 'STATUS_CHANGED',
        description: `Job state is set from QUEUED to SCHEDULED for job ${name}.`,
      },
    ]);
  });

  it('puts the failure behind the sentence without a space, and the exit code beside it', () => {
    const job = aJob({ state: 'RUNNING' });
    const description =
      'Task state is updated from RUNNING to FAILED on zones/Z/instances/ID with exit code 127.';
    const suffix = failureSuffix({ index: 0, at: 9, exitCode: 127, description });
    moveJob(job, 'failed', 9, { suffix, exitCode: 127 });
    expect(job.events).toEqual([
      {
        at: 9,
        type: 'STATUS_CHANGED',
        description:
          `Job state is set from RUNNING to FAILED for job ${name}.Job failed due to task failure. Specifically, ` +
          `task with index 0 failed due to the following task event: "${description}"`,
        exitCode: 127,
      },
    ]);
    expect(failureSuffix(undefined)).toBe('');
  });

  it('notes when the job ran', () => {
    const job = aJob();
    moveJob(job, 'admitted', 5);
    expect(job.runningAt).toBeUndefined();
    moveJob(job, 'task-started', 6);
    expect([job.runningAt, job.runEndedAt]).toEqual([6, undefined]);
    moveJob(job, 'cancel-requested', 8);
    moveJob(job, 'resources-freed', 9);
    expect([job.runningAt, job.runEndedAt, job.state]).toEqual([6, 8, 'CANCELLED']);
    expect(job.events.map(({ at }) => at)).toEqual([5, 6, 8, 9]);
  });

  it('of a job that never ran notes no run', () => {
    const job = aJob();
    moveJob(job, 'failed', 5);
    expect([job.runningAt, job.runEndedAt]).toEqual([undefined, undefined]);
  });

  it('refuses a move that the table does not have, and leaves the job as it is', () => {
    const job = aJob({ state: 'SUCCEEDED' });
    const before = structuredClone(job);
    expect(() => moveJob(job, 'cancel-requested', 5)).toThrow(IllegalTransitionError);
    expect(job).toEqual(before);
  });
});

describe('noteOnJob', () => {
  it('adds a line that is no change of state, once', () => {
    const job = aJob();
    noteOnJob(job, 'waits for room', 5);
    noteOnJob(job, 'waits for room', 7);
    expect(job).toMatchObject({ state: 'QUEUED', updatedAt: 5 });
    expect(job.events).toEqual([{ at: 5, type: 'OPERATIONAL_INFO', description: 'waits for room' }]);
  });
});
