import { invalidField } from '../../shared/contract/error.ts';
import {
  formatTaskName,
  parseTaskGroupName,
  type TaskGroupName,
} from '../../shared/contract/resource-name.ts';
import type { ListTasksResponse, Task } from '../../shared/contract/task.ts';
import { taskRanges } from '../../shared/core/keys.ts';
import { compileFilter } from '../../shared/core/query/filter.ts';
import { decodePageToken, encodePageToken } from '../../shared/core/query/page-token.ts';
import { taskFields } from '../../shared/core/query/task-fields.ts';
import type { TaskRecord } from '../../shared/core/task/task-record.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadSeats } from '../load-job.ts';
import type { ReadPorts } from './api-ports.ts';
import { pageSizeOf } from './collect-page.ts';
import { findGroup } from './find-group.ts';
import { activeTasks, taskState, taskView } from './task-view.ts';

export interface ListTasksRequest {
  readonly parent: string;
  readonly filter?: string | undefined;
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;
/** Tasks that one call looks at; a page that is short for this has a token all the same. */
const SCAN_LIMIT = 20_000;
const A_READ = 1000;

/** tasks.list: the tasks of a group by index. A page reads the records of its own indices, and further ones only for a filter. */
export async function listTasks(
  { store }: Pick<ReadPorts, 'store'>,
  request: ListTasksRequest,
): Promise<ListTasksResponse> {
  const name = parseTaskGroupName(request.parent);
  const matches = compileFilter(request.filter ?? '', taskFields);
  const first = firstIndex(request);
  const pageSize = pageSizeOf(request.pageSize, DEFAULT_PAGE, LARGEST_PAGE);
  const { job, group, taskCount, isOver } = await findGroup(store, name);
  // Seats before records: a task that leaves its seat in between is then found in its record.
  const seats = group === undefined ? [] : (await loadSeats(store, group)).map(({ body }) => body);
  const active = activeTasks(seats);

  const tasks: Task[] = [];
  const end = Math.min(taskCount, first + SCAN_LIMIT);
  const isFiltered = (request.filter ?? '').trim() !== '';
  let next = first;
  while (next < end && tasks.length < pageSize) {
    const to = Math.min(end, next + (isFiltered ? A_READ : pageSize));
    const records = group === undefined ? new Map() : await taskRecords(store, job.uid, name, next, to);
    for (; next < to && tasks.length < pageSize; next += 1) {
      const now = { record: records.get(next), active: active.get(next), isOver };
      const task = { ...name, index: next };
      if (matches({ name: formatTaskName(task), status: { state: taskState(now) } }))
        tasks.push(taskView(task, now));
    }
  }
  return {
    tasks,
    ...(next < taskCount ? { nextPageToken: encodePageToken(String(next - 1), request) } : {}),
  };
}

function firstIndex(request: ListTasksRequest): number {
  const last = decodePageToken(request.pageToken, request);
  if (last === undefined) return 0;
  if (!/^\d{1,9}$/.test(last)) throw invalidField('pageToken', 'is not a page token of this list');
  return Number(last) + 1;
}

async function taskRecords(
  store: Store,
  uid: string,
  { groupId }: TaskGroupName,
  from: number,
  to: number,
): Promise<Map<number, TaskRecord>> {
  const ranges = taskRanges(uid, groupId, from, to);
  const pages = await Promise.all(ranges.map((range) => store.query<TaskRecord>(range)));
  return new Map(pages.flat().map(({ body }) => [body.index, body]));
}
