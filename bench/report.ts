import { count } from './figures.ts';
import { type Machine, machineLine } from './machine.ts';
import type { Result } from './results.ts';
import { medianOfKnown } from './statistics.ts';
import { resultTable } from './table.ts';
import { judge, verdictLines } from './targets.ts';

export interface Report {
  readonly machine: Machine;
  readonly repeat: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
}

/** The whole outcome as Markdown. */
export function reportText({ machine, repeat, versions, results }: Report): string {
  const times = repeat === 1 ? 'One measurement each' : `Medians of ${repeat} measurements, taken in turns`;
  return [
    resultTable(results, machine.cores),
    `${times}; ${machine.cores} tasks at once; every task is \`/bin/sh\` on the same empty script. Overhead a task: the time
of a core that a task takes beyond \`xargs -P\`. Peak memory: of the contender's own processes, its tasks not counted
(Slurm: of its daemons).`,
    machineLine(machine),
    Object.values(versions).join('; ').concat('.'),
    `To reach:\n\n${verdictLines(judge(results))}`,
    ...outsideCheck(results),
    ...failures(results),
  ].join('\n\n');
}

/** Sluice's latency is by its own records; this says what was seen without them. */
function outsideCheck(results: readonly Result[]): string[] {
  const seen = results
    .filter(({ contender }) => contender === 'sluice')
    .flatMap(({ measurements }) => measurements.map(({ more }) => more?.toFirstTaskSeenMs));
  const ms = medianOfKnown(seen);
  if (ms === undefined) return [];
  const check = `a file that the first task of another job of 1,000 wrote was there ${Math.round(ms)} ms after its submission`;
  return [`Sluice's time to the first task is of its own status events; seen from outside, ${check}.`];
}

/** Measurements that failed where others did not, so that the table does not hide them. */
function failures(results: readonly Result[]): string[] {
  const lines = results.flatMap(({ title, tasks, measurements, problem }) =>
    problem === undefined || measurements.length === 0
      ? []
      : [`- ${title}, ${count(tasks)} tasks: ${repeatText(measurements.length)} only: ${problem}`],
  );
  return lines.length === 0 ? [] : [`Failed measurements:\n\n${lines.join('\n')}`];
}

function repeatText(measurements: number): string {
  return measurements === 1 ? '1 measurement' : `${measurements} measurements`;
}
