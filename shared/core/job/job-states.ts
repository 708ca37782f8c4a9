import { stateTable } from '../state-table.ts';

export const jobEvents = [
  'admitted',
  'task-started',
  'tasks-succeeded',
  'failed',
  'cancel-requested',
  'resources-freed',
  'delete-requested',
] as const;
export type JobEvent = (typeof jobEvents)[number];

export const jobStateNames = [
  'QUEUED',
  'SCHEDULED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLATION_IN_PROGRESS',
  'CANCELLED',
  'DELETION_IN_PROGRESS',
] as const;
export type JobStateName = (typeof jobStateNames)[number];

/** Job states of Google Batch's JobStatus.State; transitions as its page on job states describes them. */
export const jobStates = stateTable<JobStateName, JobEvent>('job', jobStateNames, [
  {
    from: 'QUEUED',
    on: 'admitted',
    to: 'SCHEDULED',
    because: 'its dependencies hold and there is room for it',
  },
  { from: 'SCHEDULED', on: 'task-started', to: 'RUNNING', because: 'a node started its first task' },
  {
    from: 'RUNNING',
    on: 'tasks-succeeded',
    to: 'SUCCEEDED',
    because: 'every task ended well and the nodes are gone',
  },
  {
    from: ['QUEUED', 'SCHEDULED', 'RUNNING'],
    on: 'failed',
    to: 'FAILED',
    because: 'a task failed for good, or the job could not be run; the nodes are gone',
  },
  {
    from: ['QUEUED', 'SCHEDULED', 'RUNNING'],
    on: 'cancel-requested',
    to: 'CANCELLATION_IN_PROGRESS',
    because: 'a client called cancel',
  },
  {
    from: 'CANCELLATION_IN_PROGRESS',
    on: 'resources-freed',
    to: 'CANCELLED',
    because: 'every process of the job is gone',
  },
  {
    from: ['QUEUED', 'SCHEDULED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLATION_IN_PROGRESS', 'CANCELLED'],
    on: 'delete-requested',
    to: 'DELETION_IN_PROGRESS',
    because: 'a client called delete, or the retention time is over; the record goes when the nodes are gone',
  },
]);

const finished = jobStates.settled(['delete-requested']);

/** SUCCEEDED, FAILED or CANCELLED: the outcome is known (DELETION_IN_PROGRESS says nothing of the outcome). */
export function isFinished(state: JobStateName): boolean {
  return finished.has(state) && state !== 'DELETION_IN_PROGRESS';
}

/** Whether the job still wants nodes: QUEUED, SCHEDULED or RUNNING. */
export function isLive(state: JobStateName): boolean {
  return jobStates.next(state, 'cancel-requested') !== undefined;
}
