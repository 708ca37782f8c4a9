import { count, duration, megabytes, microseconds, percent } from './figures.ts';
import { type Result, type Summary, sizesOf, summarize, summaryOf } from './results.ts';

const HEADS = [
  'tasks',
  'through',
  'tasks a second',
  'of `xargs -P`',
  'overhead a task',
  'submit to first task',
  'submit to end',
  'peak memory',
];

/** A Markdown table. `texts`: which columns are of text; the others are of figures. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  texts: readonly number[] = [1],
): string {
  const rule = heads.map((_, at) => (texts.includes(at) ? '---' : '---:'));
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The results as one table: a row for each size and contender, those without figures with the reason. */
export function resultTable(results: readonly Result[], slots: number): string {
  const sizes = sizesOf(results);
  const [smallest = 0] = sizes;
  const growth = `rate against ${count(smallest)} tasks`;
  const rows = sizes.flatMap((tasks) =>
    results
      .filter((result) => result.tasks === tasks)
      .map((result) => rowOf(result, results, slots, smallest)),
  );
  return markdownTable([...HEADS, growth], rows);
}

function rowOf(result: Result, results: readonly Result[], slots: number, smallest: number): string[] {
  const { tasks, title, contender, measurements } = result;
  const summary = summarize(result);
  if (summary === undefined) {
    return [
      count(tasks),
      title,
      `not measured: ${result.problem ?? 'no reason known'}`,
      '',
      '',
      '',
      '',
      '',
      '',
    ];
  }
  const floor = contender === 'xargs' ? undefined : summaryOf(results, 'xargs', tasks);
  const small = summaryOf(results, contender, smallest);
  return [
    count(tasks),
    title,
    rateText(summary, measurements.length),
    floor === undefined ? '' : percent(summary.rate, floor.rate),
    floor === undefined ? '' : microseconds(overheadMs(summary, floor, slots)),
    summary.toFirstTaskMs === undefined ? 'not seen' : duration(summary.toFirstTaskMs),
    duration(summary.toEndMs),
    megabytes(summary.peakMemory),
    small === undefined ? '' : percent(summary.rate, small.rate),
  ];
}

/** What a task takes of a core beyond what it takes with `xargs`. */
export function overheadMs(summary: Summary, floor: Summary, slots: number): number {
  return slots * (1000 / summary.rate - 1000 / floor.rate);
}

function rateText({ rate, slowestRate, fastestRate }: Summary, measurements: number): string {
  return measurements < 2 ? count(rate) : `${count(rate)} (${count(slowestRate)}–${count(fastestRate)})`;
}
