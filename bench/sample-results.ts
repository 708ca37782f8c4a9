import type { Result } from './results.ts';

/** A result whose measurements took so many milliseconds. */
export function sampleResult(
  contender: string,
  tasks: number,
  times: readonly number[],
  { toFirstTaskMs = 20, peakMemory = 50e6 }: { toFirstTaskMs?: number; peakMemory?: number } = {},
): Result {
  const measurements = times.map((toEndMs) => ({
    toFirstTaskMs,
    toEndMs,
    peakMemory,
    highWaterMemory: peakMemory,
  }));
  return { contender, title: contender, tasks, measurements, problem: undefined };
}

/** A result without figures. */
export function missingResult(contender: string, tasks: number, problem: string): Result {
  return { contender, title: contender, tasks, measurements: [], problem };
}
