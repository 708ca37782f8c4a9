/** Reports a second that all nodes of a group together may send, whatever their number. */
const REPORTS_A_SECOND = 200;
const LEAST_MS = 10;
const USUAL_MS = 1000;

/**
 * How soon after a report the next may come, and how soon it must, in milliseconds. Both stretch as nodes grow, so that
 * the rate of reports stays bounded.
 */
export function reportIntervals(nodes: number): { minMs: number; defaultMs: number } {
  const share = (nodes * 1000) / REPORTS_A_SECOND;
  return { minMs: Math.max(LEAST_MS, share), defaultMs: Math.max(USUAL_MS, share * 4) };
}
