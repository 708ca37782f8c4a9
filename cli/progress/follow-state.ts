import type { Progress } from '../api/answers.ts';
import { addSample, type Sample } from './rate.ts';
import { totalsOf } from './totals.ts';

/** All that a view of a job's progress is drawn from. */
export interface FollowState {
  jobId: string;
  progress: Progress;
  /** When the job was created, by the service's clock. */
  createdAt: number;
  /** When it was first seen running. */
  startedAt?: number;
  samples: readonly Sample[];
  /** The newest lines of output, oldest first: `group0/3 | text`. */
  output: readonly string[];
  /** What the command itself has to say, such as that it is cancelling. */
  note?: string;
}

/** Nothing is known yet but that the job was created. */
export function startFollowing(jobId: string, createdAt: number): FollowState {
  const progress: Progress = { state: 'QUEUED', groups: [], nodes: [], failures: [] };
  return { jobId, createdAt, progress, samples: [], output: [] };
}

/** The state after a new answer of the service. */
export function withProgress(state: FollowState, progress: Progress, now: number): FollowState {
  const startedAt = state.startedAt ?? (progress.state === 'RUNNING' ? now : undefined);
  return {
    ...state,
    progress,
    ...(startedAt === undefined ? {} : { startedAt }),
    samples: addSample(state.samples, { time: now, ended: totalsOf(progress).ended }),
  };
}

/** Lines of output that a view keeps to show. */
const KEPT_OUTPUT = 5;

/** The state after tasks wrote some lines. */
export function withOutput(state: FollowState, lines: readonly string[]): FollowState {
  return { ...state, output: [...state.output, ...lines.slice(-KEPT_OUTPUT)].slice(-KEPT_OUTPUT) };
}
