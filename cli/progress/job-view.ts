import type { LogEntry, Progress } from '../api/answers.ts';
import type { Host } from '../host.ts';
import type { FollowState } from './follow-state.ts';
import { LiveJobView } from './live-job-view.ts';
import { PlainJobView } from './plain-job-view.ts';

/** Where a job's progress is shown. */
export interface JobView {
  progress(progress: Progress): void;
  output(entries: readonly LogEntry[]): void;
  /** Something that the command itself has to say. */
  note(text: string): void;
  /** Ends the view and gives the terminal back; what it knew last comes back for the summary. */
  close(): FollowState;
}

export interface JobViewOptions {
  jobId: string;
  createdAt: number;
  /** Write tasks' output to standard output as it comes. */
  printOutput: boolean;
}

/** Whether a view can be drawn again in place: on a terminal that is not a CI log. */
export function canDrawLive(host: Pick<Host, 'err' | 'env'>): boolean {
  const { NO_LIVE, CI, TERM } = host.env;
  return host.err.isTerminal && !NO_LIVE && !isOn(CI) && TERM !== 'dumb';
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

/** A live view on a terminal, plain lines elsewhere. */
export function openJobView(host: Host, options: JobViewOptions): JobView {
  return canDrawLive(host) ? new LiveJobView(host, options) : new PlainJobView(host, options);
}
