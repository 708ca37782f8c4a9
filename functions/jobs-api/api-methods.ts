import { unimplemented } from '../../shared/contract/error.ts';
import { jobSchema, listJobsResponseSchema } from '../../shared/contract/job.ts';
import { listLocationsResponseSchema, locationSchema } from '../../shared/contract/location.ts';
import { listOperationsResponseSchema, operationSchema } from '../../shared/contract/operation.ts';
import { type EncodeOptions, encodeMessage } from '../../shared/contract/proto/encode.ts';
import type { Kind } from '../../shared/contract/proto/kind.ts';
import { reportAgentStateResponseSchema } from '../../shared/contract/report.ts';
import {
  readCancelJobRequest,
  readCreateJobQuery,
  readDeleteJobQuery,
  readEmptyQuery,
  readListJobsQuery,
  readListLocationsQuery,
  readListOperationsQuery,
  readListTasksQuery,
  readUpdateJobQuery,
} from '../../shared/contract/requests.ts';
import { listTasksResponseSchema, taskSchema } from '../../shared/contract/task.ts';
import type { JobsApiDeps, RequestHeaders } from './api-ports.ts';
import { cancelJob } from './cancel-job.ts';
import { cancelOperation } from './cancel-operation.ts';
import { createJob } from './create-job.ts';
import { deleteJob } from './delete-job.ts';
import { deleteOperation } from './delete-operation.ts';
import { getJob } from './get-job.ts';
import { getLocation } from './get-location.ts';
import { getOperation } from './get-operation.ts';
import { getProgress } from './get-progress.ts';
import { getTask } from './get-task.ts';
import { listJobs } from './list-jobs.ts';
import { listLocations } from './list-locations.ts';
import { listLogEntries } from './list-log-entries.ts';
import { listOperations } from './list-operations.ts';
import { listTasks } from './list-tasks.ts';
import { readLogQuery } from './log-query.ts';
import type { Routed } from './match-route.ts';
import { patchJob } from './patch-job.ts';

/** A call of one of the API's methods. */
export interface ApiCall {
  /** The name of the resource, as the path has it. */
  readonly name: string;
  readonly apiVersion: 'v1' | 'v1alpha';
  readonly query: URLSearchParams;
  readonly headers: RequestHeaders;
  readonly body: unknown;
}

/** The JSON of an answer, once it is known how the client wants it. */
export type Encoded = (options: EncodeOptions) => unknown;

export interface ApiMethod extends Routed {
  /** What the body may have at most; a megabyte, Google's limit of a job, unless given. */
  readonly maxBodyBytes?: number;
  /** For programs only: the JSON is not indented unless asked for. */
  readonly compact?: true;
  readonly call: (deps: JobsApiDeps, call: ApiCall) => Promise<Encoded>;
}

const LOCATION = 'projects/*/locations/*';
const JOB = `${LOCATION}/jobs/*`;
const GROUP = `${JOB}/taskGroups/*`;
const OPERATION = `${LOCATION}/operations/*`;
const ALLOWANCE = `${LOCATION}/resourceAllowances/*`;

const REPORT_BYTES = 8 * 1024 * 1024;

const noPolicies = 'resources have no IAM policies of their own; access is granted where the API is served';
/** Why methods are absent, by the first part of their names. */
const whyAbsent: Readonly<Record<string, string>> = {
  resourceAllowances:
    'usage is not limited by budgets; limit the number of nodes when you start or deploy the service',
  events: 'a deployment tells events to its SNS topics, to which queues and functions can subscribe',
};

/** Every method of the API, in v1 and v1alpha alike, and two of our own. */
export const apiMethods: readonly ApiMethod[] = [
  {
    method: 'POST',
    template: `{${LOCATION}}/state:report`,
    maxBodyBytes: REPORT_BYTES,
    compact: true,
    call: async (deps, { name, headers, body }) =>
      encoded(reportAgentStateResponseSchema, await deps.reportState(name, headers, body)),
  },
  {
    method: 'POST',
    template: `{${LOCATION}}/jobs`,
    call: async (deps, { name, query, body }) =>
      encoded(jobSchema, await createJob(deps, { parent: name, ...readCreateJobQuery(query), job: body })),
  },
  get(`{${LOCATION}}/jobs`, async (deps, { name, query }) =>
    encoded(listJobsResponseSchema, await listJobs(deps, { parent: name, ...readListJobsQuery(query) })),
  ),
  get(`{${JOB}}`, async (deps, call) => encoded(jobSchema, await getJob(deps, plain(call)))),
  {
    method: 'PATCH',
    template: `{${JOB}}`,
    call: async (deps, { name, query, body }) => {
      const { updateMask } = readUpdateJobQuery(query);
      return encoded(jobSchema, await patchJob(deps, { name, updateMask, job: body }));
    },
  },
  {
    method: 'DELETE',
    template: `{${JOB}}`,
    call: async (deps, { name, query, apiVersion }) =>
      encoded(operationSchema, await deleteJob(deps, { name, ...readDeleteJobQuery(query), apiVersion })),
  },
  {
    method: 'POST',
    template: `{${JOB}}:cancel`,
    call: async (deps, call) => {
      const { requestId } = readCancelJobRequest(call.body);
      const { apiVersion } = call;
      return encoded(operationSchema, await cancelJob(deps, { ...plain(call), requestId, apiVersion }));
    },
  },
  get(`{${JOB}}/logEntries`, async (deps, { name, query }) =>
    raw(await listLogEntries(deps, { name, ...readLogQuery(query) })),
  ),
  get(`{${JOB}}/progress`, async (deps, call) => raw(await getProgress(deps, plain(call)))),
  get(`{${GROUP}}/tasks`, async (deps, { name, query }) =>
    encoded(listTasksResponseSchema, await listTasks(deps, { parent: name, ...readListTasksQuery(query) })),
  ),
  get(`{${GROUP}/tasks/*}`, async (deps, call) => encoded(taskSchema, await getTask(deps, plain(call)))),
  get(`{${LOCATION}}/operations`, async (deps, { name, query }) =>
    encoded(
      listOperationsResponseSchema,
      await listOperations(deps, { parent: name, ...readListOperationsQuery(query) }),
    ),
  ),
  get(`{${OPERATION}}`, async (deps, call) =>
    encoded(operationSchema, await getOperation(deps, plain(call))),
  ),
  {
    method: 'DELETE',
    template: `{${OPERATION}}`,
    call: async (deps, call) => {
      await deleteOperation(deps, plain(call));
      return raw({});
    },
  },
  {
    method: 'POST',
    template: `{${OPERATION}}:cancel`,
    call: async (deps, call) => {
      await cancelOperation(deps, plain(call));
      return raw({});
    },
  },
  get('{projects/*}/locations', async (deps, { name, query }) => {
    readListLocationsQuery(query);
    return encoded(listLocationsResponseSchema, listLocations(deps.locations, { name }));
  }),
  get(`{${LOCATION}}`, async (_, call) => encoded(locationSchema, getLocation(plain(call)))),
  // Ours: the embedded service answers these before they come here.
  absent('GET', `{${LOCATION}}/events`, 'events.follow'),
  absent('GET', `{${JOB}}/events`, 'events.follow'),
  absent('POST', `{${LOCATION}}/resourceAllowances`, 'resourceAllowances.create'),
  absent('GET', `{${LOCATION}}/resourceAllowances`, 'resourceAllowances.list'),
  absent('GET', `{${ALLOWANCE}}`, 'resourceAllowances.get'),
  absent('PATCH', `{${ALLOWANCE}}`, 'resourceAllowances.patch'),
  absent('DELETE', `{${ALLOWANCE}}`, 'resourceAllowances.delete'),
  ...[JOB, `${GROUP}/tasks/*`, ALLOWANCE].flatMap((resource) => [
    absent('GET', `{${resource}}:getIamPolicy`, 'getIamPolicy'),
    absent('POST', `{${resource}}:setIamPolicy`, 'setIamPolicy'),
    absent('POST', `{${resource}}:testIamPermissions`, 'testIamPermissions'),
  ]),
];

function get(template: string, call: ApiMethod['call']): ApiMethod {
  return { method: 'GET', template, call };
}

/** A method that this service does not have; it says so by its name. */
function absent(method: string, template: string, name: string): ApiMethod {
  const why = whyAbsent[name.split('.')[0] ?? ''] ?? noPolicies;
  return {
    method,
    template,
    call: async () => {
      throw unimplemented(`The method ${name}`, why);
    },
  };
}

function encoded<T>(schema: Kind<T>, value: T): Encoded {
  return (options) => encodeMessage(schema, value, options);
}

function raw(value: unknown): Encoded {
  return () => value;
}

/** The name alone, for a method whose query may hold system parameters only. */
function plain({ name, query }: ApiCall): { name: string } {
  readEmptyQuery(query);
  return { name };
}
