import { invalidArgument } from './error.ts';
import { JOB_ID } from './job-id.ts';
import { list } from './proto/collection.ts';
import { int32 } from './proto/integer.ts';
import type { Infer, Kind } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { Problems } from './proto/problems.ts';
import { bool, text } from './proto/scalar.ts';
import { isSystemParameter } from './system-parameters.ts';

const page = { filter: text(), pageSize: int32(), pageToken: text() };

const createJobQuerySchema = message('CreateJobRequest', { jobId: text(), requestId: text() });
const deleteJobQuerySchema = message('DeleteJobRequest', { reason: text(), requestId: text() });
const updateJobQuerySchema = message('UpdateJobRequest', { updateMask: text(), requestId: text() });
const listJobsQuerySchema = message('ListJobsRequest', { ...page, orderBy: text() });
const listTasksQuerySchema = message('ListTasksRequest', { ...page, orderBy: text() });
const listOperationsQuerySchema = message('ListOperationsRequest', { ...page, returnPartialSuccess: bool() });
const listLocationsQuerySchema = message('ListLocationsRequest', {
  ...page,
  extraLocationTypes: list(text()),
});
const noQuerySchema = message('request', {});
const cancelJobRequestSchema = message('CancelJobRequest', { name: text(), requestId: text() });

export type CreateJobQuery = Infer<typeof createJobQuerySchema>;
export type DeleteJobQuery = Infer<typeof deleteJobQuerySchema>;
export type UpdateJobQuery = Infer<typeof updateJobQuerySchema>;
export type ListJobsQuery = Infer<typeof listJobsQuerySchema>;
export type ListTasksQuery = Infer<typeof listTasksQuerySchema>;
export type ListOperationsQuery = Infer<typeof listOperationsQuerySchema>;
export type ListLocationsQuery = Infer<typeof listLocationsQuerySchema>;
export type CancelJobRequest = Infer<typeof cancelJobRequestSchema>;

// The readers below take a method's query parameters by their camelCase or snake_case names (Google's own pages use
// `job_id`), let system parameters pass, take an empty value for absent, and throw INVALID_ARGUMENT for all else.

/** The query of jobs.create: `jobId` in the form of JOB_ID, `requestId` a UUID other than zero. */
export function readCreateJobQuery(query: URLSearchParams): CreateJobQuery {
  return readQuery(createJobQuerySchema, query);
}

/** The query of jobs.delete. */
export function readDeleteJobQuery(query: URLSearchParams): DeleteJobQuery {
  return readQuery(deleteJobQuerySchema, query);
}

/** The query of jobs.patch (v1alpha); `updateMask` must be `taskGroups` (its description). */
export function readUpdateJobQuery(query: URLSearchParams): UpdateJobQuery {
  return readQuery(updateJobQuerySchema, query, (problems, { updateMask }) => {
    if (updateMask === 'taskGroups' || updateMask === 'task_groups') return;
    problems.at('updateMask', () => problems.refuse(updateMask ?? '', 'taskGroups'));
  });
}

/** The query of jobs.list. `pageSize` 0 is the same as absent. */
export function readListJobsQuery(query: URLSearchParams): ListJobsQuery {
  return readQuery(listJobsQuerySchema, query);
}

/** The query of tasks.list; `orderBy` is of v1alpha. */
export function readListTasksQuery(query: URLSearchParams): ListTasksQuery {
  return readQuery(listTasksQuerySchema, query);
}

/** The query of operations.list. */
export function readListOperationsQuery(query: URLSearchParams): ListOperationsQuery {
  return readQuery(listOperationsQuerySchema, query);
}

/** The query of locations.list. */
export function readListLocationsQuery(query: URLSearchParams): ListLocationsQuery {
  return readQuery(listLocationsQuerySchema, query);
}

/** The query of a method that has no parameters of its own: get, cancel, state:report. */
export function readEmptyQuery(query: URLSearchParams): void {
  readQuery(noQuerySchema, query);
}

/** The body of jobs.cancel; an absent body is an empty one. */
export function readCancelJobRequest(body: unknown): CancelJobRequest {
  return check(cancelJobRequestSchema, body ?? {});
}

interface RequestFields {
  jobId?: string | undefined;
  requestId?: string | undefined;
  pageSize?: number | undefined;
}
type FurtherCheck<T> = (problems: Problems, value: T) => void;

function readQuery<T extends RequestFields>(
  schema: Kind<T>,
  query: URLSearchParams,
  furtherCheck?: FurtherCheck<T>,
): T {
  const values: [string, unknown][] = [];
  for (const name of new Set(query.keys())) {
    if (isSystemParameter(name)) continue;
    const given = query.getAll(name).filter((value) => value !== '');
    values.push([name, parameterValue(schema, name, given)]);
  }
  return check(schema, Object.fromEntries(values), furtherCheck);
}

/** A parameter's value as JSON; a parameter given twice stays a list, which no single field takes. */
function parameterValue(schema: Kind<unknown>, name: string, given: readonly string[]): unknown {
  const { descriptor } = schema;
  const fields = descriptor.type === 'message' ? descriptor.fields : {};
  const field = Object.hasOwn(fields, camelCase(name)) ? fields[camelCase(name)] : undefined;
  if (field?.descriptor.type === 'list' || given.length > 1) return given;
  const [only = null] = given;
  if (field?.descriptor.type === 'bool' && (only === 'true' || only === 'false')) return only === 'true';
  return only;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ZERO_UUID = /^[0-]+$/;

function check<T extends RequestFields>(schema: Kind<T>, given: unknown, furtherCheck?: FurtherCheck<T>): T {
  const problems = new Problems();
  const value = schema.read(given, problems);
  if (problems.violations.length === 0) {
    checkFields(problems, value);
    furtherCheck?.(problems, value);
  }
  if (problems.violations.length > 0) throw invalidArgument(problems.violations);
  return value;
}

function checkFields(problems: Problems, { jobId, requestId, pageSize }: RequestFields): void {
  if (jobId !== undefined && !JOB_ID.test(jobId)) {
    problems.at('jobId', () =>
      problems.refuse(jobId, 'a lowercase letter, then up to 62 of a-z, 0-9 and "-", not ending with "-"'),
    );
  }
  if (requestId && (!UUID.test(requestId) || ZERO_UUID.test(requestId))) {
    problems.at('requestId', () => problems.refuse(requestId, 'a UUID other than the zero UUID'));
  }
  if (pageSize !== undefined && pageSize < 0) {
    problems.at('pageSize', () => problems.refuse(pageSize, '0 or more'));
  }
}
