import type { Job, ListJobsResponse } from '../../shared/contract/job.ts';
import {
  formatJobName,
  formatLocationName,
  formatTaskGroupName,
  formatTaskName,
  type JobName,
  type LocationName,
  type TaskGroupName,
  type TaskName,
} from '../../shared/contract/resource-name.ts';
import type { ListTasksResponse, Task } from '../../shared/contract/task.ts';
import { type LogPage, type Operation, type Progress, readProgress } from './answers.ts';
import type { Connection } from './connection.ts';

/** What a list may be narrowed by. */
export interface ListQuery {
  filter?: string | undefined;
  orderBy?: string | undefined;
  pageSize?: number | undefined;
}

/** Which lines of a job's output are wanted, and from where on. */
export interface LogQuery {
  /** `group0/3`; all tasks without it. */
  task?: string | undefined;
  pageSize?: number | undefined;
  pageToken?: string | undefined;
}

/** The API's methods as functions. Every change carries a request id, so that it can be sent again without harm. */
export class BatchClient {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Creates a job; without an id the service makes one up. */
  createJob(parent: LocationName, job: unknown, jobId?: string): Promise<Job> {
    const query = { jobId, requestId: crypto.randomUUID() };
    return this.connection.send({
      method: 'POST',
      path: `${formatLocationName(parent)}/jobs`,
      query,
      body: job,
    });
  }

  getJob(name: JobName): Promise<Job> {
    return this.connection.send({ method: 'GET', path: formatJobName(name) });
  }

  deleteJob(name: JobName, reason?: string): Promise<Operation> {
    const query = { reason, requestId: crypto.randomUUID() };
    return this.connection.send({ method: 'DELETE', path: formatJobName(name), query });
  }

  cancelJob(name: JobName): Promise<Operation> {
    const body = { requestId: crypto.randomUUID() };
    return this.connection.send({ method: 'POST', path: `${formatJobName(name)}:cancel`, body });
  }

  getOperation(name: string): Promise<Operation> {
    return this.connection.send({ method: 'GET', path: name });
  }

  /** The jobs of a location, page by page. */
  async *listJobs(parent: LocationName, query: ListQuery): AsyncGenerator<Job[]> {
    const path = `${formatLocationName(parent)}/jobs`;
    for await (const page of this.#pages<ListJobsResponse>(path, query)) yield page.jobs ?? [];
  }

  getTask(name: TaskName): Promise<Task> {
    return this.connection.send({ method: 'GET', path: formatTaskName(name) });
  }

  /** The tasks of a group, page by page. */
  async *listTasks(parent: TaskGroupName, query: ListQuery): AsyncGenerator<Task[]> {
    const path = `${formatTaskGroupName(parent)}/tasks`;
    for await (const page of this.#pages<ListTasksResponse>(path, query)) yield page.tasks ?? [];
  }

  /** One page of a job's output; the page may be empty, its token is good for the next one. */
  async logPage(name: JobName, query: LogQuery): Promise<LogPage> {
    const path = `${formatJobName(name)}/logEntries`;
    const page = await this.connection.send<Partial<LogPage>>({ method: 'GET', path, query: { ...query } });
    return {
      entries: page.entries ?? [],
      nextPageToken: page.nextPageToken ?? query.pageToken ?? '',
      mayGrow: page.mayGrow ?? false,
    };
  }

  async progress(name: JobName): Promise<Progress> {
    return readProgress(
      await this.connection.send<Partial<Progress>>({
        method: 'GET',
        path: `${formatJobName(name)}/progress`,
      }),
    );
  }

  async *#pages<T extends { nextPageToken?: string | undefined }>(
    path: string,
    query: ListQuery,
  ): AsyncGenerator<T> {
    let pageToken: string | undefined;
    do {
      const page: T = await this.connection.send({ method: 'GET', path, query: { ...query, pageToken } });
      yield page;
      pageToken = page.nextPageToken;
    } while (pageToken);
  }
}
