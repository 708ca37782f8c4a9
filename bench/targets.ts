import { count, duration, megabytes, percent } from './figures.ts';
import { type Result, type Summary, sizesOf, summaryOf } from './results.ts';

/** A number to reach, and what became of it. */
export interface Verdict {
  readonly target: string;
  /** Undefined when it could not be judged. */
  readonly reached: boolean | undefined;
  readonly value: string;
}

const SHARE_OF_XARGS = 0.7;
const FIRST_TASK_MS = 150;
const SHARE_OF_SMALL = 0.9;
const MEMORY_BYTES = 400e6;
const SMALL = 1000;
const LARGE = 100_000;

/** Judges every target; a target about a rate or a latency must be reached at every size from 1,000
 * tasks on that was measured. */
export function judge(results: readonly Result[]): Verdict[] {
  const at = (contender: string, tasks: number) => summaryOf(results, contender, tasks);
  const sizes = sizesOf(results).filter((tasks) => tasks >= SMALL);
  const ofSluice = (tasks: number) => at('sluice', tasks);
  return [
    atEverySize('at least 70 % of the rate of `xargs -P`', sizes, (tasks) =>
      compare(ofSluice(tasks), at('xargs', tasks), SHARE_OF_XARGS),
    ),
    atEverySize('ahead of GNU parallel', sizes, (tasks) =>
      compare(ofSluice(tasks), at('parallel', tasks), 1),
    ),
    atEverySize('ahead of HyperQueue', sizes, (tasks) =>
      compare(ofSluice(tasks), at('hyperqueue', tasks), 1),
    ),
    atEverySize('submit to first task under 150 ms on a warm service', sizes, (tasks) =>
      latency(ofSluice(tasks)?.toFirstTaskMs),
    ),
    steadiness(ofSluice(SMALL), ofSluice(LARGE)),
    memory(ofSluice(LARGE)),
  ];
}

/** `reached: …`, `not reached: …` or `not judged: …`, one line a target. */
export function verdictLines(verdicts: readonly Verdict[]): string {
  return verdicts.map(({ target, reached, value }) => `- ${target}: ${word(reached)}: ${value}`).join('\n');
}

interface Judged {
  readonly reached: boolean;
  readonly value: string;
}

function atEverySize(
  target: string,
  sizes: readonly number[],
  judged: (tasks: number) => Judged | undefined,
): Verdict {
  const found = sizes.flatMap((tasks) => {
    const one = judged(tasks);
    return one === undefined ? [] : [{ ...one, value: `${one.value} at ${count(tasks)}` }];
  });
  if (found.length === 0) return { target, reached: undefined, value: 'not measured' };
  return {
    target,
    reached: found.every(({ reached }) => reached),
    value: found.map(({ value }) => value).join(', '),
  };
}

function compare(one: Summary | undefined, other: Summary | undefined, share: number): Judged | undefined {
  if (one === undefined || other === undefined) return undefined;
  const reached = share === 1 ? one.rate > other.rate : one.rate >= share * other.rate;
  const value =
    one.rate >= 2 * other.rate
      ? `${(one.rate / other.rate).toFixed(1)} times`
      : percent(one.rate, other.rate);
  return { reached, value };
}

function latency(ms: number | undefined): Judged | undefined {
  return ms === undefined ? undefined : { reached: ms < FIRST_TASK_MS, value: duration(ms) };
}

function steadiness(small: Summary | undefined, large: Summary | undefined): Verdict {
  const target = `rate at ${count(LARGE)} tasks at least 90 % of the rate at ${count(SMALL)}`;
  if (small === undefined || large === undefined)
    return { target, reached: undefined, value: 'not measured' };
  return {
    target,
    reached: large.rate >= SHARE_OF_SMALL * small.rate,
    value: percent(large.rate, small.rate),
  };
}

function memory(large: Summary | undefined): Verdict {
  const target = `memory of service and agents together under 400 MB at ${count(LARGE)} tasks`;
  if (large === undefined) return { target, reached: undefined, value: 'not measured' };
  return { target, reached: large.peakMemory < MEMORY_BYTES, value: megabytes(large.peakMemory) };
}

function word(reached: boolean | undefined): string {
  if (reached === undefined) return 'not judged';
  return reached ? 'reached' : 'not reached';
}
