import * as z from 'zod';
import type { Limits } from './amounts.ts';

/** What all jobs, and those of one project, may take at once. */
export interface UseLimits {
  readonly deployment: Limits;
  /** By project; `*` stands for each one that is not named. */
  readonly projects: Readonly<Record<string, Limits>>;
}

/** The limits of a project; those of the deployment hold beside them. */
export function projectLimits({ projects }: UseLimits, project: string): Limits {
  return (Object.hasOwn(projects, project) ? projects[project] : projects['*']) ?? {};
}

/** A project's limits as settings and flags have them: `nodes:40/vcpus:160/jobs:5`. */
export const PROJECT_LIMIT = /^(?:jobs|nodes|vcpus):[1-9]\d*(?:\/(?:jobs|nodes|vcpus):[1-9]\d*)*$/;
/** A project's id, or `*`. */
export const LIMITED_PROJECT = /^(?:\*|[a-z][a-z0-9.:-]*)$/;

const limitsText = z
  .record(
    z.string().regex(LIMITED_PROJECT, 'must be a project, or *'),
    z.string().regex(PROJECT_LIMIT, 'must be such as nodes:40/vcpus:160/jobs:5'),
  )
  .transform((texts) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, limitsOf(text)])),
  );

const amount = z.number().int().positive().optional();
const limitsForm = z
  .strictObject({ jobs: amount, nodes: amount, cpuMilli: amount })
  .transform((given): Limits => JSON.parse(JSON.stringify(given)) as Limits);

/** Limits as a deployment's functions are given them. */
export const useLimitsSchema = z.strictObject({
  deployment: limitsForm,
  projects: z.record(z.string(), limitsForm),
});

/** Reads the limits of projects from texts by project. The error says which one is wrong. */
export function readProjectLimits(given: unknown): Record<string, Limits> {
  const read = limitsText.safeParse(given);
  if (read.success) return read.data;
  throw new Error(`the limits of projects are wrong: ${z.prettifyError(read.error)}`);
}

function limitsOf(text: string): Limits {
  const parts = text.split('/').map((part) => {
    const [name, number] = part.split(':');
    return name === 'vcpus'
      ? { cpuMilli: Number(number) * 1000 }
      : { [name as 'jobs' | 'nodes']: Number(number) };
  });
  return Object.assign({}, ...parts) as Limits;
}
