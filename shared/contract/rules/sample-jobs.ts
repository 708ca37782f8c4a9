import { ApiError, type Violation } from '../error.ts';
import { acceptJob } from '../job-rules.ts';

// Bodies of jobs.create for the tests of rules, each a valid job but for the part that is given.

export type Json = Record<string, unknown>;

export const script = { script: { text: 'true' } };

export function aJob(changes: Json = {}): Json {
  return { taskGroups: [{ taskSpec: { runnables: [script] } }], ...changes };
}
export function withGroup(group: Json): Json {
  return aJob({ taskGroups: [{ taskSpec: { runnables: [script] }, ...group }] });
}
export function withSpec(spec: Json): Json {
  return withGroup({ taskSpec: { runnables: [script], ...spec } });
}
export function withRunnables(...runnables: Json[]): Json {
  return withSpec({ runnables });
}
export function withAllocation(allocationPolicy: Json): Json {
  return aJob({ allocationPolicy });
}
export function withDependencies(items: Json): Json {
  return aJob({ dependencies: [{ items }] });
}
export function many<T>(count: number, item: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => item(i));
}
export function manyLabels(count: number): Json {
  return Object.fromEntries(many(count, (i) => [`l${i}`, 'v']));
}

/** What acceptJob refuses a body for; empty when it takes it. */
export function violationsOf(body: unknown): Violation[] {
  try {
    acceptJob(body);
  } catch (error) {
    if (error instanceof ApiError && error.status === 'INVALID_ARGUMENT') return [...error.violations];
    throw error;
  }
  return [];
}

export const SPEC = 'taskGroups[0].taskSpec';
export const RUN = `${SPEC}.runnables[0]`;
export const POLICY = `${SPEC}.lifecyclePolicies[0]`;
export const LOCATIONS = 'allocationPolicy.location.allowedLocations';

/** A refused job: what is wrong with it, the body, the path in the violation and its text. */
export type RefusedJob = [string, Json, string, string];
