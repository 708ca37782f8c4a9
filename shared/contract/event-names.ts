/** What an event is about, in this project's words; the messages use Tencent Batch's (see `subjectWords`). */
export const subjectKinds = ['job', 'group', 'task', 'environment', 'node'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** What each subject is called in messages, and what it is. */
export const subjectWords: Readonly<Record<SubjectKind, { readonly word: string; readonly is: string }>> = {
  job: { word: 'Job', is: 'a job' },
  group: { word: 'Task', is: 'a task group of a job' },
  task: { word: 'TaskInstance', is: 'one task of a group' },
  environment: { word: 'ComputeEnv', is: 'the nodes that are made for one task group of a job' },
  node: { word: 'ComputeNode', is: 'one node: one agent in one seat' },
};

interface EventRow {
  readonly of: SubjectKind;
  /** The state in the message's body, in Tencent Batch's words. */
  readonly state: string;
  /** What has been written when the event is published. */
  readonly when: string;
  /** Documented by Tencent Batch, and with no counterpart here. */
  readonly never?: true;
}

const KEPT = 'never: no machine of a failed job is kept (`FailedAction` INTERRUPT has no counterpart)';

/**
 * All events: the nineteen names of Tencent Batch (user guide, "event notification"; API 2017-03-12, EventConfig). An event
 * is published when its subject has entered the state of that name; the documents say no more on when.
 */
export const eventTable = {
  JOB_RUNNING: { of: 'job', state: 'RUNNING', when: 'the job is RUNNING: a node has started its first task' },
  JOB_SUCCEED: { of: 'job', state: 'SUCCEED', when: 'the job is SUCCEEDED' },
  JOB_FAILED: {
    of: 'job',
    state: 'FAILED',
    when: 'the job is FAILED, or CANCELLED: a terminated job has failed',
  },
  JOB_FAILED_INTERRUPTED: { of: 'job', state: 'FAILED_INTERRUPTED', when: KEPT, never: true },
  TASK_RUNNING: { of: 'group', state: 'RUNNING', when: "the group's first task has started" },
  TASK_SUCCEED: {
    of: 'group',
    state: 'SUCCEED',
    when: 'no task of the group is left, and all are SUCCEEDED',
  },
  TASK_FAILED: {
    of: 'group',
    state: 'FAILED',
    when: 'no task of the group is left, and one FAILED or the group was stopped',
  },
  TASK_FAILED_INTERRUPTED: { of: 'group', state: 'FAILED_INTERRUPTED', when: KEPT, never: true },
  TASK_INSTANCE_RUNNING: {
    of: 'task',
    state: 'RUNNING',
    when: 'an attempt at the task has started: once an attempt',
  },
  TASK_INSTANCE_SUCCEED: { of: 'task', state: 'SUCCEED', when: 'the task is SUCCEEDED' },
  TASK_INSTANCE_FAILED: {
    of: 'task',
    state: 'FAILED',
    when: 'the task is FAILED for good; an attempt that is retried is no end, and a task that never ran has no event',
  },
  TASK_INSTANCE_FAILED_INTERRUPTED: { of: 'task', state: 'FAILED_INTERRUPTED', when: KEPT, never: true },
  COMPUTE_ENV_CREATED: {
    of: 'environment',
    state: 'CREATED',
    when: 'the group has its plan: so many nodes are wanted',
  },
  COMPUTE_ENV_DELETED: {
    of: 'environment',
    state: 'DELETED',
    when: 'the group has ended, and wants no node any more',
  },
  COMPUTE_NODE_CREATED: {
    of: 'node',
    state: 'CREATED',
    when: "the node's agent has reported for the first time",
  },
  COMPUTE_NODE_CREATION_FAILED: {
    of: 'node',
    state: 'CREATION_FAILED',
    when: 'the node was asked for, and is gone before its agent has reported',
  },
  COMPUTE_NODE_RUNNING: {
    of: 'node',
    state: 'RUNNING',
    when: 'with COMPUTE_NODE_CREATED: the node takes tasks',
  },
  COMPUTE_NODE_ABNORMAL: {
    of: 'node',
    state: 'ABNORMAL',
    when: 'the node ended or went silent with work left; another one takes its seat',
  },
  COMPUTE_NODE_DELETING: {
    of: 'node',
    state: 'DELETING',
    when: "the node's group has ended, or the node has a notice that it will be taken away",
  },
} as const satisfies Record<string, EventRow>;

export type EventName = keyof typeof eventTable;
export const eventNames = Object.keys(eventTable) as EventName[];

/** The names of a kind's events. */
export function eventNamesOf(kind: SubjectKind): EventName[] {
  return eventNames.filter((name) => eventTable[name].of === kind);
}

/** Whether events of that name are ever published. */
export function isPublished(name: EventName): boolean {
  return !('never' in eventTable[name]);
}
