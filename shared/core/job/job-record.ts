import type { Job } from '../../contract/job.ts';
import { taskGroupId } from '../../contract/resource-name.ts';
import type { JobDemand } from '../admission/job-demand.ts';
import type { TaskCounts } from '../seat/seat-progress.ts';
import type { Dependency } from './dependencies.ts';
import type { JobOutline } from './job-spec.ts';
import type { JobStateName } from './job-states.ts';

/** A line of a job's history. */
export interface JobEventLine {
  readonly at: number;
  readonly type: 'STATUS_CHANGED' | 'OPERATIONAL_INFO';
  readonly description: string;
  readonly exitCode?: number;
}

/** What is left of a group when its nodes are gone. */
export interface FinalGroup {
  readonly counts: TaskCounts;
  readonly taskPack: number;
  readonly coreHours: number;
  /** What its nodes were, where the plan said it. */
  readonly machineType?: string;
}

/**
 * A job as its own record keeps it, which is written at each change of state and copied into indexes: so what its tasks do
 * is not in it. Times are epoch milliseconds.
 */
export interface JobHead {
  readonly uid: string;
  readonly project: string;
  readonly location: string;
  readonly jobId: string;
  /** The outline of what the client asked for, in canonical JSON with defaults; without name, uid, times and status. */
  spec: JobOutline;
  readonly createdAt: number;
  updatedAt: number;
  state: JobStateName;
  events: JobEventLine[];
  /** Why the job does not go on, while it waits. */
  waitingFor?: string;
  /** When the job became RUNNING, and when it left that state. */
  runningAt?: number;
  runEndedAt?: number;
  finishedAt?: number;
  /** Jobs that must have ended before this one is scheduled. */
  dependencies?: Dependency[];
  /** How the job ended; kept while it is being deleted. */
  outcome?: JobStateName;
  /** Operations that end when the job has come to rest. */
  operations: string[];
  /** Whether the client gave cpuMilli, by group: the default is no wish. */
  readonly cpuGiven: boolean[];
  /** The same of memoryMib. */
  readonly memoryGiven?: boolean[];
  /** What the job may take; from its admission on. */
  demand?: JobDemand;
  /** Whether its containers mount folders of their task's own, by group; absent for none. */
  readonly mountsFolders?: boolean[];
  /** How many logins of registries its containers have; absent for none. */
  readonly registryLogins?: number;
  final?: Record<string, FinalGroup>;
}

/** A job with all that the client asked for. */
export interface JobRecord extends JobHead {
  spec: Job;
}

/** The id of a job's group by its order, as it stands in names. */
export const groupIdOf = taskGroupId;
