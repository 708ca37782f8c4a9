import type { LogReader } from '../ports/log-reader.ts';

/** A log store in which nothing is, for tests of what has to do with one only by the way. */
export const noLogs: LogReader = {
  delayMs: 0,
  read: async ({ cursor }) => ({ entries: [], cursor: cursor ?? '' }),
  tail: async () => [],
  remove: async () => undefined,
};
