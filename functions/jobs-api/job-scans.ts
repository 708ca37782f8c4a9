import type { LocationName } from '../../shared/contract/resource-name.ts';
import type { JobState } from '../../shared/contract/states.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import type { JobStateName } from '../../shared/core/job/job-states.ts';
import { jobKey, jobStatePartition } from '../../shared/core/keys.ts';
import type { Item, Range, Store } from '../../shared/ports/store.ts';
import { readOn } from './collect-page.ts';
import type { JobNameRecord } from './find-job.ts';

/** Jobs in some order, each with the key that a page token holds; undefined for those that the scan passes over. */
export type JobScan = AsyncGenerator<{ key: string; item: Item<JobHead> | undefined }>;

type Direction = { readonly descending: boolean };

/** Jobs in the order of creation; undefined for those of other locations. */
export async function* byTime(
  store: Store,
  parent: LocationName,
  { descending }: Direction,
  after: string | undefined,
): JobScan {
  const { project, location } = parent;
  const entries = readOn(
    (range) => store.queryIndex<JobHead>('index1', range),
    { pk: `P#${project}`, reverse: descending },
    ({ indexSk }) => indexSk,
    after,
  );
  for await (const { key, item } of entries) yield { key, item: inLocation(item, location) };
}

/**
 * The jobs in some states, in the order of creation: what `byTime` gives, without those in other states. The keys are the
 * same, so a token of one serves the other.
 */
export async function* byStates(
  store: Store,
  parent: LocationName,
  states: readonly JobState[],
  { descending }: Direction,
  after: string | undefined,
): JobScan {
  const { project, location } = parent;
  const scans = states.map((state) =>
    readOn(
      (range) => store.queryIndex<JobHead>('index3', range),
      { pk: jobStatePartition(project, state as JobStateName), reverse: descending },
      ({ indexSk }) => indexSk,
      after,
    ),
  );
  let last: string | undefined;
  for await (const { key, item } of merged(scans, descending)) {
    // A job that changes its state meanwhile may be met in both.
    if (key !== last) yield { key, item: inLocation(item, location) };
    last = key;
  }
}

/** Entries of several scans in the order of their keys. */
async function* merged<Entry extends { readonly key: string }>(
  scans: readonly AsyncGenerator<Entry>[],
  descending: boolean,
): AsyncGenerator<Entry> {
  const heads = await Promise.all(scans.map(async (scan) => ({ scan, next: await scan.next() })));
  for (;;) {
    const open = heads.filter(({ next }) => next.done !== true);
    const [first] = open.sort((one, other) => (keyOf(one.next) < keyOf(other.next) === descending ? 1 : -1));
    if (first === undefined) return;
    yield first.next.value as Entry;
    first.next = await first.scan.next();
  }
}

function keyOf({ value }: IteratorResult<{ readonly key: string }>): string {
  return (value as { readonly key: string }).key;
}

function inLocation(item: Item<JobHead>, location: string): Item<JobHead> | undefined {
  return location === '-' || item.body.location === location ? item : undefined;
}

/** Jobs in the order of names, which is that of locations first; undefined for a job that has just been deleted. */
export async function* byName(
  store: Store,
  parent: LocationName,
  { descending }: Direction,
  after: string | undefined,
): JobScan {
  const { project, location } = parent;
  // '0' is the character after '/'.
  const whole = location === '-' ? {} : { from: `${location}/`, to: `${location}0` };
  const entries = readOn(
    (range) => readNamedJobs(store, range),
    { pk: `P#${project}`, ...whole, reverse: descending },
    ({ name }) => name,
    after,
  );
  for await (const { key, item } of entries) yield { key, item: item.job };
}

async function readNamedJobs(
  store: Store,
  range: Range,
): Promise<{ name: string; job: Item<JobHead> | undefined }[]> {
  const names = await store.query<JobNameRecord>(range);
  const jobs = await store.getMany<JobHead>(names.map(({ body }) => jobKey(body.uid)));
  return names.map(({ sk }, at) => ({ name: sk, job: jobs[at] }));
}
