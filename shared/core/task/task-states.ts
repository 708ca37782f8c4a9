import { stateTable } from '../state-table.ts';

export const taskStateNames = [
  'PENDING',
  'ASSIGNED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'UNEXECUTED',
] as const;
export type TaskStateName = (typeof taskStateNames)[number];

export const taskEvents = [
  'assigned',
  'returned',
  'started',
  'succeeded',
  'failed',
  'retried',
  'group-ended',
] as const;
export type TaskEvent = (typeof taskEvents)[number];

/** Task states of Google Batch's TaskStatus.State. A task that waits at a barrier is RUNNING and holds no slot. */
export const taskStates = stateTable<TaskStateName, TaskEvent>('task', taskStateNames, [
  { from: 'PENDING', on: 'assigned', to: 'ASSIGNED', because: 'a node took it' },
  {
    from: 'ASSIGNED',
    on: 'returned',
    to: 'PENDING',
    because: 'its node was lost before it started the task',
  },
  { from: 'ASSIGNED', on: 'started', to: 'RUNNING', because: 'its first runnable started' },
  {
    from: ['ASSIGNED', 'RUNNING'],
    on: 'succeeded',
    to: 'SUCCEEDED',
    because: 'all its runnables ended well',
  },
  {
    from: ['PENDING', 'ASSIGNED', 'RUNNING'],
    on: 'failed',
    to: 'FAILED',
    because: 'an attempt failed and no retry is due, or it was stopped',
  },
  {
    from: ['ASSIGNED', 'RUNNING'],
    on: 'retried',
    to: 'PENDING',
    because: 'an attempt failed, and its retry policy and maxRetryCount allow another',
  },
  {
    from: ['PENDING', 'ASSIGNED'],
    on: 'group-ended',
    to: 'UNEXECUTED',
    because: 'the job was cancelled, failed fast or could not pass a barrier before the task began',
  },
]);

/** The states in which a task ends: its end is recorded once and never changes. */
export const endStates = taskStates.settled();
