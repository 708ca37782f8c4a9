import { statSync, utimesSync } from 'node:fs';

/**
 * The moment at which the first task starts is seen without changing the task: the script's access time is set to
 * the past, so that the file system writes it down once, at the first read after that, even when it is mounted with
 * `relatime`. It is exact to a tick of the kernel, at most 10 ms, and never late.
 */
export function forgetReads(script: string): void {
  utimesSync(script, 0, statSync(script).mtimeMs / 1000);
}

/** When the script was first read since `forgetReads`; undefined when it was not, or the file system keeps no such time. */
export function firstReadMs(script: string): number | undefined {
  const { atimeMs } = statSync(script);
  return atimeMs === 0 ? undefined : atimeMs;
}

/** From `since` to the first read, not below 0: the kernel's tick may lie before it. */
export function msToFirstRead(script: string, since: number): number | undefined {
  const at = firstReadMs(script);
  return at === undefined ? undefined : Math.max(0, at - since);
}
