import { invalidField, notFound } from '../../shared/contract/error.ts';
import type { LogPage } from '../../shared/contract/log-entries.ts';
import { formatTaskGroupName, type JobName, parseJobName } from '../../shared/contract/resource-name.ts';
import { groupIdOf, type JobHead } from '../../shared/core/job/job-record.ts';
import type { ServicePorts } from '../service-ports.ts';
import { pageSizeOf } from './collect-page.ts';
import { findJobHead } from './find-job.ts';

export interface ListLogEntriesRequest {
  readonly name: string;
  /** `group0/3`, or `group0` for all tasks of a group. */
  readonly task?: string | undefined;
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

const DEFAULT_PAGE = 1000;
const LARGEST_PAGE = 10_000;
const TASK = /^([a-z][a-z0-9]{0,62})(?:\/(0|[1-9][0-9]{0,8}))?$/;

/** Ours, `GET …/jobs/{job}/logEntries`: what a job's tasks wrote, page by page. */
export async function listLogEntries(
  { store, logs, clock }: Pick<ServicePorts, 'store' | 'logs' | 'clock'>,
  request: ListLogEntriesRequest,
): Promise<LogPage> {
  const name = parseJobName(request.name);
  const { body: job } = await findJobHead(store, name);
  const { entries, cursor } = await logs.read({
    jobUid: job.uid,
    ...whose(job, name, request.task),
    limit: pageSizeOf(request.pageSize, DEFAULT_PAGE, LARGEST_PAGE),
    ...(request.pageToken ? { cursor: request.pageToken } : {}),
  });
  const { finishedAt } = job;
  return {
    entries: entries.map((entry) => ({ ...entry, task: String(entry.task) })),
    nextPageToken: cursor,
    mayGrow: finishedAt === undefined || clock.now() < finishedAt + logs.delayMs,
  };
}

function whose(job: JobHead, name: JobName, task: string | undefined): { groupId?: string; task?: number } {
  if (!task) return {};
  const [, groupId, index] = TASK.exec(task) ?? [];
  if (groupId === undefined) {
    throw invalidField('task', `must have the form group0/3 or group0; given ${JSON.stringify(task)}`);
  }
  if (!(job.spec.taskGroups ?? []).some((_, order) => groupIdOf(order) === groupId)) {
    throw notFound(formatTaskGroupName({ ...name, groupId }));
  }
  return { groupId, ...(index === undefined ? {} : { task: Number(index) }) };
}
