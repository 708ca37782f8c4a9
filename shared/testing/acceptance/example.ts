import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import type { Job } from '../../contract/job.ts';
import { containersOf } from '../../core/container/job-containers.ts';

const counts = z.record(z.string(), z.number());

/** What must come out of an example job: `expected.yaml` beside its job file. Patterns are regular expressions. */
export const expectationSchema = z.strictObject({
  /** Why the example can be run on one machine only, if so. */
  oneMachine: z.string().optional(),
  /** Secrets of the job's project that must be there, by their names: what they hold. */
  secrets: z.record(z.string(), z.string()).optional(),
  state: z.enum(['SUCCEEDED', 'FAILED', 'CANCELLED']),
  /** Exactly these counts. */
  counts: counts.optional(),
  countsAtLeast: counts.optional(),
  /** Exactly these counts, by group. */
  groups: z.record(z.string(), counts).optional(),
  /** Job status events that come in this order, others between them allowed. */
  jobEvents: z.array(z.string()).optional(),
  /** Each matches a line of output. */
  output: z.array(z.string()).optional(),
  /** Each matches exactly one line. */
  outputOnce: z.array(z.string()).optional(),
  /** None matches any line. */
  noOutput: z.array(z.string()).optional(),
  /** All lines that match the first come before all that match the second. */
  before: z.array(z.tuple([z.string(), z.string()])).optional(),
  /** By topic: all messages that the job tells it, in their order. */
  told: z.record(z.string(), z.array(z.string())).optional(),
  /** By index. */
  tasks: z
    .record(
      z.string(),
      z.strictObject({
        state: z.string(),
        exitCode: z.number().optional(),
        events: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
export type Expectation = z.infer<typeof expectationSchema>;

/** The project that examples name where they must name one. */
const PROJECT = 'projects/my-project/';

/** A job file as it is for a project: what it names of its own project is that one's. */
export function forProject(job: object, parent: string): object {
  const project = parent.replace(/\/locations\/.*/, '/');
  return JSON.parse(JSON.stringify(job).replaceAll(PROJECT, project)) as object;
}

export interface Example {
  readonly name: string;
  readonly file: string;
  readonly job: object;
  /** Whether a container engine is needed. */
  readonly hasContainers: boolean;
  readonly expected: Expectation;
}

/** All examples of the folder that are one job; one without a job file or an expectation is a mistake and throws. */
export function readExamples(folder: string): Example[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !existsSync(join(folder, entry.name, 'jobs')))
    .map((entry) => readExample(join(folder, entry.name), entry.name));
}

function readExample(folder: string, name: string): Example {
  const jobFile = readdirSync(folder).find((file) => /^job\.(yaml|json)$/.test(file));
  if (jobFile === undefined) throw new Error(`${folder} has neither job.yaml nor job.json`);
  const file = join(folder, jobFile);
  const expected = expectationSchema.parse(parse(readFileSync(join(folder, 'expected.yaml'), 'utf8')));
  const job = parse(readFileSync(file, 'utf8')) as Job;
  const hasContainers = !containersOf(job).next().done;
  return { name, file, job, hasContainers, expected };
}
