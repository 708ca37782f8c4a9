import { count, duration } from '../figures.ts';
import { type Machine, machineLine } from '../machine.ts';
import { median } from '../statistics.ts';
import { markdownTable } from '../table.ts';

/** What one contender took for the job, each time that it was measured. */
export interface ContainerResult {
  readonly title: string;
  readonly perTask: string;
  readonly ms: readonly number[];
}

/** The results as the README shows them. */
export function containerTable(
  results: readonly ContainerResult[],
  { tasks, slots, machine }: { tasks: number; slots: number; machine: Machine },
): string {
  const times = results[0]?.ms.length ?? 0;
  const heads = [
    `${count(tasks)} tasks through`,
    'starts for each task',
    'in all',
    'a task',
    'tasks a second',
  ];
  const rows = results.map((result) => row(result, tasks));
  const lines = [
    markdownTable(heads, rows, [0, 1]),
    '',
    `${times === 1 ? 'One measurement each' : `Medians of ${times} measurements`}; ${slots} tasks at once; every task is \`true\` of one busybox image that is there already.`,
    '',
    machineLine(machine),
  ];
  return lines.join('\n');
}

function row({ title, perTask, ms }: ContainerResult, tasks: number): string[] {
  const middle = median(ms) ?? Number.NaN;
  const rate = (tasks / middle) * 1000;
  const rateText = rate < 10 ? rate.toFixed(1) : count(rate);
  return [title, perTask, duration(middle), duration(middle / tasks), rateText];
}
