import { invalidField } from '../../shared/contract/error.ts';
import { readListTasksQuery } from '../../shared/contract/requests.ts';
import type { ListLogEntriesRequest } from './list-log-entries.ts';

/** The query of logEntries: `task`, and the page as every list takes it. */
export function readLogQuery(query: URLSearchParams): Omit<ListLogEntriesRequest, 'name'> {
  const { task, ...others } = Object.fromEntries(query);
  const { pageSize, pageToken, ...unknown } = readListTasksQuery(new URLSearchParams(others));
  for (const name of Object.keys(unknown)) {
    throw invalidField(name, 'is no parameter of logEntries; allowed: task, pageSize, pageToken');
  }
  return { task, pageSize, pageToken };
}
