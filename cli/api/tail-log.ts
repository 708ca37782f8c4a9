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
  /** Whether the job has ended, so that what can be read now is all that there will be. */
  hasEnded: () => boolean | Promise<boolean>;
  /** Whether to go on reading; asked after each page. */
  wantsMore?: () => boolean;
  /** Between two pages with something in them; none without it. */
  pageDelayMs?: number;
  signal?: AbortSignal | undefined;
}

const PAGE_SIZE = 1000;
const POLL_MS = 300;

/** Reads a job's output until the job has ended and a page read after that is empty. */
export async function tailLog(tail: Tail): Promise<void> {
  const { client, host, job, task, signal, wantsMore = () => true } = tail;
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
    if (ended) return;
    ended = await tail.hasEnded();
    if (!ended) await host.sleep(POLL_MS, signal);
  }
}
