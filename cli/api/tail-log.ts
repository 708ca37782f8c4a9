import type { JobName } from '../../shared/contract/resource-name.ts';
import type { Host } from '../host.ts';
import type { LogEntry } from './answers.ts';
import type { BatchClient } from './batch-client.ts';

/** How a job's output is followed. */
export interface Tail {
  client: BatchClient;
  host: Pick<Host, 'sleep'>;
  job: JobName;
  /** `group0/3`; all tasks without it. */
  task?: string | undefined;
  onEntries: (entries: LogEntry[]) => void;
  /** Whether to go on while more may come of a job that has ended; done unless it is false. */
  follow?: boolean;
  /** Whether the job has ended. */
  hasEnded: () => boolean | Promise<boolean>;
  /** Whether to go on reading; asked after each page. */
  wantsMore?: () => boolean;
  /** Between two pages with something in them; none without it. */
  pageDelayMs?: number;
  signal?: AbortSignal | undefined;
}

const PAGE_SIZE = 1000;
/** Between two looks at a service on this machine, and at any other, which may bill and limit them. */
const POLL_MS = 300;
const FAR_POLL_MS = 2_000;

/** Reads a job's output until the job has ended, and a page read after that is empty and will stay so. */
export async function tailLog(tail: Tail): Promise<void> {
  const { client, host, job, task, signal, follow = true, wantsMore = () => true } = tail;
  const pollMs = client.connection.isNear ? POLL_MS : FAR_POLL_MS;
  let pageToken: string | undefined;
  let ended = false;
  while (!signal?.aborted && wantsMore()) {
    const page = await client.logPage(job, { task, pageToken, pageSize: PAGE_SIZE });
    pageToken = page.nextPageToken;
    if (page.entries.length > 0) {
      tail.onEntries(page.entries);
      if (tail.pageDelayMs !== undefined) await host.sleep(tail.pageDelayMs, signal);
      continue;
    }
    const mayGrow = follow && page.mayGrow;
    if (ended && !mayGrow) return;
    ended ||= await tail.hasEnded();
    if (!ended || mayGrow) await host.sleep(pollMs, signal);
  }
}
