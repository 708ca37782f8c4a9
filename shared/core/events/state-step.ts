import type { StopCause } from '../group/group-record.ts';
import type { JobStateName } from '../job/job-states.ts';
import type { NodeStateName } from '../node/node-states.ts';
import type { NodeInfo } from '../seat/seat-record.ts';
import type { TaskStateName } from '../task/task-states.ts';

/**
 * A move of one subject from state to state, as a change of a record tells it. Events and notifications are two ways to
 * say it. `at` comes from the record, so that a change that is read twice gives the same step.
 */
export type StateStep = JobStep | GroupStep | EnvironmentStep | NodeStep | TaskStep;

export interface JobStep {
  readonly kind: 'job';
  readonly jobUid: string;
  readonly at: number;
  /** Undefined for a job that is new. */
  readonly from: JobStateName | undefined;
  readonly to: JobStateName;
  readonly finishedAt?: number;
  readonly reason?: string;
}

export interface GroupStep {
  readonly kind: 'group';
  readonly jobUid: string;
  readonly groupId: string;
  readonly at: number;
  readonly to: 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  readonly stop?: StopCause;
}

export interface EnvironmentStep {
  readonly kind: 'environment';
  readonly jobUid: string;
  readonly groupId: string;
  readonly at: number;
  readonly to: 'CREATED' | 'DELETED';
  readonly seatCount: number;
}

export interface NodeStep {
  readonly kind: 'node';
  readonly jobUid: string;
  readonly groupId: string;
  readonly seat: number;
  readonly epoch: number;
  readonly at: number;
  readonly from: NodeStateName;
  readonly to: NodeStateName;
  readonly node: NodeInfo | undefined;
  readonly slots: number;
  readonly since: number;
}

export interface TaskStep {
  readonly kind: 'task';
  readonly jobUid: string;
  readonly groupId: string;
  readonly index: number;
  readonly at: number;
  readonly from: TaskStateName;
  readonly to: TaskStateName;
  /** What sets this step apart from others of the task to the same state: its attempt; where that can repeat, also when and where. */
  readonly mark: string;
  readonly instanceId?: string;
  readonly assignedAt?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly exitCode?: number;
  readonly reason?: string;
}
