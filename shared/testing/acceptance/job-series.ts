import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import type { Job } from '../../contract/job.ts';
import { type Expectation, expectationSchema } from './example.ts';

/** What must come out of several jobs together: `expected.yaml` beside the folder `jobs`. */
const seriesSchema = z.strictObject({
  /** By job: a file of that name in `jobs`. They are created in this order. */
  jobs: z.record(z.string(), expectationSchema),
  /** The first of each pair has ended before the second is scheduled. */
  inOrder: z.array(z.tuple([z.string(), z.string()])),
});

export interface JobSeries {
  readonly name: string;
  readonly jobs: readonly { readonly id: string; readonly job: object; readonly expected: Expectation }[];
  readonly inOrder: readonly (readonly [first: string, second: string])[];
}

/** All examples of the folder that are several jobs. */
export function readSeries(folder: string): JobSeries[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'jobs')))
    .map((entry) => readOne(join(folder, entry.name), entry.name));
}

function readOne(folder: string, name: string): JobSeries {
  const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8')) as unknown;
  const { jobs, inOrder } = seriesSchema.parse(read('expected.yaml'));
  const files = readdirSync(join(folder, 'jobs')).map((file) => file.replace(/\.yaml$/, ''));
  const missing = [...files.filter((id) => !(id in jobs)), ...inOrder.flat().filter((id) => !(id in jobs))];
  if (missing.length > 0) throw new Error(`${folder}/expected.yaml says nothing of ${missing.join(', ')}`);
  const series = Object.entries(jobs).map(([id, expected]) => ({
    id,
    job: read(join('jobs', `${id}.yaml`)) as object,
    expected,
  }));
  return { name, jobs: series, inOrder };
}

/** Which pairs did not come in the order that they had to, one sentence each. */
export function outOfOrder(inOrder: JobSeries['inOrder'], jobs: ReadonlyMap<string, Job>): string[] {
  return inOrder.flatMap(([first, second]) => {
    const ended = timeOf(jobs.get(first), /^Job state is set from \w+ to (?:SUCCEEDED|FAILED|CANCELLED) /);
    const scheduled = timeOf(jobs.get(second), /^Job state is set from QUEUED to SCHEDULED /);
    if (ended === undefined) return [`${first} has not ended`];
    if (scheduled === undefined) return [`${second} was never scheduled`];
    return ended <= scheduled
      ? []
      : [`${second} was scheduled at ${scheduled}, and ${first} ended at ${ended}`];
  });
}

/** When the event came, epoch milliseconds. */
function timeOf(job: Job | undefined, event: RegExp): number | undefined {
  const found = job?.status?.statusEvents?.find(({ description }) => event.test(description ?? ''));
  return found?.eventTime === undefined ? undefined : Date.parse(found.eventTime);
}
