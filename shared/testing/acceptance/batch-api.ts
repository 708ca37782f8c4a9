import type { Job } from '../../contract/job.ts';
import type { Task } from '../../contract/task.ts';
import type { Outcome } from './outcome.ts';

/** A page of output lines, as the service's own method `logEntries` answers. */
interface LogEntries {
  readonly entries: { readonly time: string; readonly text: string }[];
  readonly nextPageToken: string;
}

export interface ApiFailure {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: { readonly fieldViolations?: { field: string; description: string }[] }[];
}

export interface FetchInit {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
/** How a request is sent: a plain `fetch`, or one that signs. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** What the tests call of the API: plain HTTP, as any client would. */
export class BatchApi {
  readonly endpoint: string;
  readonly parent: string;
  readonly #fetch: Fetch;
  readonly #pollMs: number;

  /** `pollMs`: the pause between two looks at a job that is waited for. */
  constructor(
    endpoint: string,
    parent = 'projects/test/locations/us-central1',
    send: Fetch = fetch,
    pollMs = 30,
  ) {
    this.endpoint = endpoint;
    this.parent = parent;
    this.#fetch = send;
    this.#pollMs = pollMs;
  }

  /** Calls a method and returns its answer; an error status throws an Error whose `cause` is the ApiFailure. */
  async call<Answer = object>(method: string, path: string, body?: unknown): Promise<Answer> {
    const init =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await this.#fetch(`${this.endpoint}/v1/${path}`, { method, ...init });
    const answer = (await response.json()) as Answer & { error?: ApiFailure };
    if (answer.error)
      throw new Error(`${answer.error.status}: ${answer.error.message}`, { cause: answer.error });
    if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  }

  createJob(jobId: string, job: object): Promise<Job> {
    return this.call<Job>('POST', `${this.parent}/jobs?jobId=${jobId}`, job);
  }

  getJob(jobId: string): Promise<Job> {
    return this.call<Job>('GET', `${this.parent}/jobs/${jobId}`);
  }

  /** Resolves with the job once `until` holds. Throws when it does not within `seconds`. */
  async waitForJob(jobId: string, until: (job: Job) => boolean, seconds = 60): Promise<Job> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const job = await this.getJob(jobId);
      if (until(job)) return job;
      if (Date.now() > deadline) {
        throw new Error(`job ${jobId} is still ${JSON.stringify(job.status, null, 1)} after ${seconds} s`);
      }
      await new Promise((next) => setTimeout(next, this.#pollMs));
    }
  }

  /** Resolves with the job once it has its outcome. */
  waitForEnd(jobId: string, seconds = 60): Promise<Job> {
    return this.waitForJob(jobId, (job) => isEnded(job.status?.state), seconds);
  }

  async tasks(jobId: string, filter = ''): Promise<Task[]> {
    const tasks: Task[] = [];
    let pageToken = '';
    do {
      const query = new URLSearchParams({
        pageSize: '1000',
        ...(filter && { filter }),
        ...(pageToken && { pageToken }),
      });
      const path = `${this.parent}/jobs/${jobId}/taskGroups/group0/tasks?${query}`;
      const page = await this.call<{ tasks?: Task[]; nextPageToken?: string }>('GET', path);
      tasks.push(...(page.tasks ?? []));
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
    return tasks;
  }

  /** All lines that the job's tasks wrote, in the order of time. */
  async lines(jobId: string): Promise<string[]> {
    const entries: { time: string; text: string }[] = [];
    for (let pageToken = ''; ; ) {
      const query = new URLSearchParams({ pageSize: '1000', pageToken });
      const page = await this.call<LogEntries>('GET', `${this.parent}/jobs/${jobId}/logEntries?${query}`);
      entries.push(...page.entries);
      if (page.entries.length === 0) break;
      pageToken = page.nextPageToken;
    }
    return entries
      .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
      .map((entry) => entry.text);
  }

  /** The first so many messages that a job has told a topic of its own: their texts, or the JSON of their events. */
  async told(jobId: string, topic: string, count: number): Promise<string[]> {
    const query = new URLSearchParams({ topic, lastEventId: 'oldest' });
    const path = `${this.parent}/jobs/${jobId}/events?${query}`;
    const { body } = await this.#fetch(`${this.endpoint}/v1/${path}`, {});
    const told: string[] = [];
    let text = '';
    for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const [, data] = /^data: (.*)$/.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 1);
        if (data === undefined) continue;
        const { message } = JSON.parse(data) as { message: unknown };
        told.push(typeof message === 'string' ? message : JSON.stringify(message));
      }
      if (told.length >= count) break;
    }
    return told;
  }

  /** Everything that came out of a job that has ended. */
  async outcome(jobId: string): Promise<Outcome> {
    return { job: await this.getJob(jobId), tasks: await this.tasks(jobId), lines: await this.lines(jobId) };
  }
}

export function isEnded(state: string | undefined): boolean {
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED';
}
