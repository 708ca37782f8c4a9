/** Reports a second that all nodes of a group together may send, whatever their number. */
const REPORTS_A_SECOND = 200;
const LEAST_MS = 10;
const USUAL_MS = 1000;
/** Of the reports that its nodes may send a group of many has so small a part of those that say nothing new. */
const QUIET_PART = 4;

/**
 * How soon after a report the next may come, and how soon it must, in milliseconds. Both stretch as nodes grow, so that
 * the rate of reports stays bounded. `onlyWaits`: the node holds nothing that it could run, so that it has news from the
 * next answer alone: of a barrier that has opened, or of its group's end. It asks as soon as it may.
 */
export function reportIntervals(
  nodes: number,
  { onlyWaits = false } = {},
): { minMs: number; defaultMs: number } {
  const share = (nodes * 1000) / REPORTS_A_SECOND;
  return {
    minMs: Math.max(LEAST_MS, share),
    defaultMs: Math.max(USUAL_MS, onlyWaits ? share : share * QUIET_PART),
  };
}
