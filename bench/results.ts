import type { Measurement } from './contender.ts';
import { median, medianOfKnown } from './statistics.ts';

/** All measurements of one contender at one size. */
export interface Result {
  readonly contender: string;
  readonly title: string;
  readonly tasks: number;
  readonly measurements: readonly Measurement[];
  /** Why there is no measurement, or one less. */
  readonly problem: string | undefined;
}

/** The medians of a result. */
export interface Summary {
  /** Tasks a second, from the submission to the end. */
  readonly rate: number;
  readonly slowestRate: number;
  readonly fastestRate: number;
  readonly toFirstTaskMs: number | undefined;
  readonly toEndMs: number;
  readonly peakMemory: number;
}

/** Undefined when nothing was measured. */
export function summarize({ tasks, measurements }: Result): Summary | undefined {
  const times = measurements.map(({ toEndMs }) => toEndMs);
  const toEndMs = median(times);
  const peakMemory = median(measurements.map((measurement) => measurement.peakMemory));
  if (toEndMs === undefined || peakMemory === undefined) return undefined;
  return {
    rate: rateOf(tasks, toEndMs),
    slowestRate: rateOf(tasks, Math.max(...times)),
    fastestRate: rateOf(tasks, Math.min(...times)),
    toFirstTaskMs: medianOfKnown(measurements.map(({ toFirstTaskMs }) => toFirstTaskMs)),
    toEndMs,
    peakMemory,
  };
}

/** The summary of one contender at one size; undefined when it was not measured. */
export function summaryOf(results: readonly Result[], contender: string, tasks: number): Summary | undefined {
  const result = results.find((one) => one.contender === contender && one.tasks === tasks);
  return result === undefined ? undefined : summarize(result);
}

/** The sizes of a run, smallest first. */
export function sizesOf(results: readonly Result[]): number[] {
  return [...new Set(results.map(({ tasks }) => tasks))].sort((a, b) => a - b);
}

function rateOf(tasks: number, ms: number): number {
  return (tasks * 1000) / ms;
}
