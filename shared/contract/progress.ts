import * as z from 'zod';
import { type JobState, jobStates } from './states.ts';

/** A job that another one waits for, or waited for. */
const dependencyProgress = z.strictObject({
  job: z.string(),
  need: z.string(),
  /** MET, IMPOSSIBLE or OPEN. */
  verdict: z.string(),
  /** What that job was when the verdict fell. */
  was: z.string().optional(),
});

const count = z.int().nonnegative();

const groupProgress = z.strictObject({
  group: z.string(),
  taskCount: count,
  /** The stage that it is in, counted from 1. */
  stage: z.int().positive(),
  stages: z.int().positive(),
  /** Tasks that wait at the barrier which is closed. */
  atBarrier: count,
  /** Tasks by state. */
  counts: z.record(z.string(), count),
});

const nodeProgress = z.strictObject({
  name: z.string(),
  state: z.string(),
  slots: count,
  /** Tasks that run on it now. */
  running: count,
  /** Tasks that ended on it. */
  ended: count,
  since: z.iso.datetime().optional(),
});

/** A task that failed for good, with what is needed to see why. */
const taskFailure = z.strictObject({
  /** `group0/3`. */
  task: z.string(),
  exitCode: z.int().optional(),
  description: z.string().optional(),
  attempts: count.optional(),
  /** The end of what it wrote. */
  lastLines: z.array(z.string()).optional(),
});

/** Ours, the answer to `GET …/jobs/{job}/progress`: where a job is. */
export const progressSchema = z.strictObject({
  state: z.enum(Object.keys(jobStates) as [JobState, ...JobState[]]),
  /** Why the job waits, when it does. */
  waitingFor: z.string().optional(),
  dependencies: z.array(dependencyProgress).optional(),
  /** Names of the jobs that wait for this one: the first twenty. */
  dependents: z.array(z.string()).optional(),
  groups: z.array(groupProgress),
  nodes: z.array(nodeProgress),
  /** The first few tasks that failed. */
  failures: z.array(taskFailure),
});

export type Progress = z.infer<typeof progressSchema>;
export type DependencyProgress = z.infer<typeof dependencyProgress>;
export type GroupProgress = z.infer<typeof groupProgress>;
export type NodeProgress = z.infer<typeof nodeProgress>;
export type TaskFailure = z.infer<typeof taskFailure>;
