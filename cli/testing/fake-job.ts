import type { LogEntry, Progress } from '../api/answers.ts';
import type { Answerer } from './fake-service.ts';

/** How a fake job goes. */
export interface FakeJobScript {
  jobId?: string;
  /** The answers to `progress`, one after another; the last one stays. */
  progress: Partial<Progress>[];
  log?: Partial<LogEntry>[];
  /** The end state once it was cancelled. */
  whenCancelled?: 'CANCELLED' | 'never ends';
}

export const PARENT = 'projects/local/locations/us-central1';

/** A line of output of `group0/0`. */
export function logEntry(entry: Partial<LogEntry>): LogEntry {
  const time = '2026-11-22T14:00:00.000000000Z';
  return {
    time,
    taskGroup: 'group0',
    task: '0',
    attempt: 0,
    runnable: 0,
    stream: 'stdout',
    text: '',
    ...entry,
  };
}

/** Answers for one job that goes as the script says. */
export function fakeJob({
  jobId = 'my-job',
  progress,
  log = [],
  whenCancelled = 'CANCELLED',
}: FakeJobScript): Answerer {
  const name = `${PARENT}/jobs/${jobId}`;
  let step = 0;
  let cancelled = false;
  const now = () => {
    const current = progress[Math.min(step, progress.length - 1)] ?? {};
    if (!cancelled) return current;
    return { ...current, state: whenCancelled === 'CANCELLED' ? 'CANCELLED' : 'CANCELLATION_IN_PROGRESS' };
  };
  const job = () => ({
    name,
    uid: `${jobId}-uid`,
    createTime: new Date().toISOString(),
    taskGroups: [{ name: `${name}/taskGroups/group0`, taskCount: '1' }],
    status: { state: now().state },
  });
  return ({ method, path, query }) => {
    if (method === 'POST' && path === `${PARENT}/jobs`) return { json: job() };
    if (method === 'GET' && path === name) return { json: job() };
    if (method === 'POST' && path === `${name}:cancel`) {
      cancelled = true;
      return { json: { name: `${PARENT}/operations/o1`, done: true } };
    }
    if (path === `${name}/progress`) {
      const json = now();
      step++;
      return { json };
    }
    if (path === `${name}/logEntries`) {
      const from = Number(query.pageToken ?? 0);
      const entries = log.slice(from, from + Number(query.pageSize ?? 1000)).map(logEntry);
      return { json: { entries, nextPageToken: String(from + entries.length) } };
    }
    return undefined;
  };
}
