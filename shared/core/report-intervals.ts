/** Reports a second that all nodes of a group together may send, whatever their number. */
const REPORTS_A_SECOND = 200;
const LEAST_MS = 20;
/** For a node whose reports are full: it says the same in fewer of them. */
const BUSY_MS = 60;
const BUSY_TASKS = 16;
const USUAL_MS = 1000;

/**
 * How soon after a report the next may come, and how soon it must, in milliseconds. Both stretch as nodes grow, so that
 * the rate of reports stays bounded. `tasks`: how many ended with the report that is answered.
 */
export function reportIntervals(nodes: number, tasks = 0): { minMs: number; defaultMs: number } {
  const share = (nodes * 1000) / REPORTS_A_SECOND;
  const least = tasks >= BUSY_TASKS ? BUSY_MS : LEAST_MS;
  return { minMs: Math.max(least, share), defaultMs: Math.max(USUAL_MS, share * 4) };
}
