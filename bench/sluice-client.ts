import { setTimeout as sleep } from 'node:timers/promises';
import { wallClockMs } from './clock.ts';

const POLL_MS = 100;
const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

interface StatusEvent {
  readonly description: string;
  readonly eventTime: string;
  readonly taskState?: string;
}

interface JobView {
  readonly status: { readonly state: string; readonly statusEvents: readonly StatusEvent[] };
}

interface TaskView {
  readonly status: { readonly statusEvents: readonly StatusEvent[] };
}

/** The times of one job, in milliseconds since 1970. */
export interface JobTimes {
  readonly sent: number;
  /** When task 0 began, by its own status event. */
  readonly firstTask: number | undefined;
  /** When the job ended, by its own status event. */
  readonly ended: number;
  /** When a client that asks ten times a second saw it ended. */
  readonly seenEnded: number;
}

/** Submits jobs to a Sluice service over HTTP, as any client does. */
export class SluiceClient {
  readonly #jobs: string;
  readonly #signal: AbortSignal;

  constructor(endpoint: string, signal: AbortSignal) {
    this.#jobs = `${endpoint}/v1/projects/bench/locations/local/jobs`;
    this.#signal = signal;
  }

  /** Runs a job of equal tasks of one script to its end. Throws unless it succeeds. */
  async run(jobId: string, tasks: number, script: string): Promise<JobTimes> {
    return await this.runGroup(jobId, {
      taskCount: String(tasks),
      taskSpec: { runnables: [{ script: { text: script } }] },
    });
  }

  /** Runs a job of one task group to its end. Throws unless it succeeds. */
  async runGroup(jobId: string, group: object): Promise<JobTimes> {
    const body = JSON.stringify({ taskGroups: [group] });
    const sent = wallClockMs();
    await this.#call(`${this.#jobs}?jobId=${jobId}`, 'POST', body);
    const job = await this.#end(jobId);
    const seenEnded = wallClockMs();
    const { state, statusEvents } = job.status;
    if (state !== 'SUCCEEDED') throw new Error(`the job ended as ${state}`);
    const task = (await this.#call(`${this.#jobs}/${jobId}/taskGroups/group0/tasks/0`)) as TaskView;
    const running = task.status.statusEvents.find(({ taskState }) => taskState === 'RUNNING');
    const firstTask = running === undefined ? undefined : Date.parse(running.eventTime);
    const ended = statusEvents.findLast(({ description }) => description.includes(`to ${state}`));
    return {
      sent,
      firstTask,
      ended: ended === undefined ? seenEnded : Date.parse(ended.eventTime),
      seenEnded,
    };
  }

  async #end(jobId: string): Promise<JobView> {
    for (;;) {
      const job = (await this.#call(`${this.#jobs}/${jobId}`)) as JobView;
      if (ENDED.includes(job.status.state)) return job;
      await sleep(POLL_MS, undefined, { signal: this.#signal });
    }
  }

  async #call(url: string, method = 'GET', body?: string): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const init = { method, headers, signal: this.#signal, ...(body === undefined ? {} : { body }) };
    const response = await fetch(url, init);
    if (!response.ok) throw new Error(`${method} is answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
