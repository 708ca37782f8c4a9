import type { Job, ListJobsResponse } from '../../shared/contract/job.ts';
import { type JobName, type LocationName, parseLocationName } from '../../shared/contract/resource-name.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { compileFilter } from '../../shared/core/query/filter.ts';
import { jobFields, requiredJobStates } from '../../shared/core/query/job-fields.ts';
import { type OrderBy, parseOrderBy } from '../../shared/core/query/order-by.ts';
import { decodePageToken, encodePageToken } from '../../shared/core/query/page-token.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadSpecs } from '../load-job.ts';
import type { ReadPorts } from './api-ports.ts';
import { collectPage, pageSizeOf } from './collect-page.ts';
import { groupsNow } from './group-now.ts';
import { byName, byStates, byTime, type JobScan } from './job-scans.ts';
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
/** States that are read side by side; a filter that leaves more of them excludes little. */
const STATES_AT_MOST = 4;
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
  const nameOf = ({ location, jobId }: JobHead): JobName => ({ project: parent.project, location, jobId });
  const page = await collectPage(
    scanOf(store, parent, order, request.filter ?? '', after),
    { pageSize: pageSizeOf(request.pageSize, DEFAULT_PAGE, LARGEST_PAGE), scanLimit: SCAN_LIMIT },
    (job) => (job !== undefined && matches(jobOutline(job.body, nameOf(job.body), now)) ? job : undefined),
  );
  const jobs: Job[] = [];
  for (let from = 0; from < page.found.length; from += VIEWS_AT_ONCE) {
    const some = await loadSpecs(store, page.found.slice(from, from + VIEWS_AT_ONCE));
    const views = some.map(async ({ body: job }) =>
      jobView(job, nameOf(job), await groupsNow(store, job), now),
    );
    jobs.push(...(await Promise.all(views)));
  }
  return {
    jobs,
    ...(page.lastKey === undefined ? {} : { nextPageToken: encodePageToken(page.lastKey, request) }),
  };
}

/** A filter that asks for a few states is answered from those alone; in the order of names there is nothing to gain. */
function scanOf(
  store: Store,
  parent: LocationName,
  order: OrderBy,
  filter: string,
  after: string | undefined,
): JobScan {
  if (order.field === 'name') return byName(store, parent, order, after);
  const states = requiredJobStates(filter);
  return states !== undefined && states.length <= STATES_AT_MOST
    ? byStates(store, parent, states, order, after)
    : byTime(store, parent, order, after);
}
