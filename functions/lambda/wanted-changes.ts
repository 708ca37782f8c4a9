import type { FeedSignal } from '../../shared/core/feed-signals.ts';
import { WAKES } from '../../shared/core/keys.ts';

/** Changes of the table that a function is called for. */
export interface WantedChanges {
  /** The beginning of their partition keys. */
  readonly partition: string;
  /** Words, one of which the write has to carry; without them all changes of the partition are wanted. */
  readonly signals?: readonly FeedSignal[];
}

/**
 * What the consumers of the feed are called for on AWS. A seat is written by each report and a task at each end: a call for
 * each of them would cost more than all the rest, and nearly all of them tell nothing.
 */
export const wantedChanges = {
  // Jobs and groups; seats; how far the jobs have been told that wait for one which has ended.
  'advance-jobs': [{ partition: 'J#' }, { partition: 'S#', signals: ['group'] }, { partition: WAKES }],
  'publish-events': [
    { partition: 'J#' },
    { partition: 'S#', signals: ['group', 'node', 'task'] },
    { partition: 'T#', signals: ['task'] },
  ],
} as const satisfies Readonly<Record<string, readonly WantedChanges[]>>;
