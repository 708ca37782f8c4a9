import type { Job, ListJobsResponse } from '../../shared/contract/job.ts';
import { type JobName, type LocationName, parseLocationName } from '../../shared/contract/resource-name.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { jobKey } from '../../shared/core/keys.ts';
import { compileFilter } from '../../shared/core/query/filter.ts';
import { jobFields } from '../../shared/core/query/job-fields.ts';
import { type OrderBy, parseOrderBy } from '../../shared/core/query/order-by.ts';
import { decodePageToken, encodePageToken } from '../../shared/core/query/page-token.ts';
import type { Item, Range, Store } from '../../shared/ports/store.ts';
import type { ReadPorts } from './api-ports.ts';
import { collectPage, pageSizeOf, readOn } from './collect-page.ts';
import type { JobNameRecord } from './find-job.ts';
import { groupsNow } from './group-now.ts';
import { jobOutline, jobView } from './job-view.ts';

export interface ListJobsRequest {
  /** The location may be `-`: all of the project's. */
  readonly parent: string;
  readonly filter?: string | undefined;
  readonly orderBy?: string | undefined;
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;
/** Records that one call looks at; a page that is short for this has a token all the same. */
const SCAN_LIMIT = 2000;
/** Jobs whose seats are read at once. */
const VIEWS_AT_ONCE = 16;

/** jobs.list: the jobs of a location or of all, newest first unless asked otherwise. */
export async function listJobs(
  { store, clock }: ReadPorts,
  request: ListJobsRequest,
): Promise<ListJobsResponse> {
  const parent = parseLocationName(request.parent);
  const matches = compileFilter(request.filter ?? '', jobFields);
  const order = parseOrderBy(request.orderBy);
  const after = decodePageToken(request.pageToken, request);
  const now = clock.now();
  const nameOf = ({ location, jobId }: JobRecord): JobName => ({ project: parent.project, location, jobId });
  const page = await collectPage(
    order.field === 'name' ? byName(store, parent, order, after) : byTime(store, parent, order, after),
    { pageSize: pageSizeOf(request.pageSize, DEFAULT_PAGE, LARGEST_PAGE), scanLimit: SCAN_LIMIT },
    (job) => (job !== undefined && matches(jobOutline(job, nameOf(job), now)) ? job : undefined),
  );
  const jobs: Job[] = [];
  for (let from = 0; from < page.found.length; from += VIEWS_AT_ONCE) {
    const some = page.found.slice(from, from + VIEWS_AT_ONCE);
    const views = some.map(async (job) => jobView(job, nameOf(job), await groupsNow(store, job), now));
    jobs.push(...(await Promise.all(views)));
  }
  return {
    jobs,
    ...(page.lastKey === undefined ? {} : { nextPageToken: encodePageToken(page.lastKey, request) }),
  };
}

/** Jobs in the order of creation; undefined for those of other locations, which the scan passes over. */
async function* byTime(store: Store, parent: LocationName, order: OrderBy, after: string | undefined) {
  const { project, location } = parent;
  const entries = readOn(
    (range) => store.queryIndex<JobRecord>('index1', range),
    { pk: `P#${project}`, reverse: order.descending },
    ({ indexSk }) => indexSk,
    after,
  );
  for await (const { key, item } of entries) {
    yield { key, item: location === '-' || item.body.location === location ? item.body : undefined };
  }
}

/** Jobs in the order of names, which is that of locations first; undefined for a job that has just been deleted. */
async function* byName(store: Store, parent: LocationName, order: OrderBy, after: string | undefined) {
  const { project, location } = parent;
  // '0' is the character after '/'.
  const whole = location === '-' ? {} : { from: `${location}/`, to: `${location}0` };
  const entries = readOn(
    (range) => readNamedJobs(store, range),
    { pk: `P#${project}`, ...whole, reverse: order.descending },
    ({ name }) => name,
    after,
  );
  for await (const { key, item } of entries) yield { key, item: item.job?.body };
}

async function readNamedJobs(
  store: Store,
  range: Range,
): Promise<{ name: string; job: Item<JobRecord> | undefined }[]> {
  const names = await store.query<JobNameRecord>(range);
  const jobs = await store.getMany<JobRecord>(names.map(({ body }) => jobKey(body.uid)));
  return names.map(({ sk }, at) => ({ name: sk, job: jobs[at] }));
}
