import { aTaskEach, onNodes } from './a-task-each.ts';
import { fitGrowth, type Growth, steepening, usedBy } from './fit-growth.ts';
import { priceList } from './price-list.ts';
import { priceOf, quantities, total, type Usage } from './usage.ts';

/** What a job of so many tasks on so many nodes used. */
export interface Run {
  readonly tasks: number;
  readonly nodes: number;
  readonly usage: Usage;
}

/** Growth is even when a further task of large jobs uses at most so much more than one of small jobs. */
const EVEN = 1.25;
/** Below this a quantity of the largest job is what a node or a job uses, and its growth is chance. */
const LEAST_A_TASK = 0.01;
/** Jobs that are priced, each on nodes of one slot that run a thousand tasks one after another. */
const PRICED = [10_000, 100_000, 1_000_000];
const TASKS_A_NODE = 1000;
const SECONDS_A_TASK = 1;

/** Everything as a page of Markdown. */
export function report(runs: readonly Run[]): string {
  const growths = Object.fromEntries(quantities.map((name) => [name, growthOf(runs, name)])) as Growths;
  const measured = runs.map((run) => [
    `${run.tasks} on ${run.nodes}`,
    ...quantities.map((name) => short(run.usage[name])),
    dollars(total(priceOf(run.usage, priceList))),
  ]);
  const fitted = quantities.map((name) => {
    const { aJob, aNode, aTask } = growths[name];
    return [
      name,
      ...[aJob, aNode, aTask].map(short),
      growsFaster(runs, name) ? 'faster than the tasks' : 'even',
    ];
  });
  return [
    'Counted for jobs of short tasks on the emulator:',
    table(['tasks on nodes', ...quantities, 'US dollars'], measured),
    'What a job, a node and a task of it use, fitted:',
    table(['', 'a job', 'a node', 'a task', 'growth'], fitted),
    `Priced by AWS's list of ${priceList.date} for ${priceList.region}, in US dollars, a node for every ${TASKS_A_NODE} tasks:`,
    table(
      ['tasks', ...quantities, 'control plane', 'a million tasks'],
      PRICED.map((tasks) => priced(growths, tasks)),
    ),
    `With what runs them, ${SECONDS_A_TASK} s a task (the control plane as counted for the shortest tasks; of longer ones a report tells of fewer):`,
    table(
      [
        'tasks',
        'Sluice, control plane and nodes',
        'AWS Batch, a Fargate task each',
        'Step Functions Map, a Fargate task each',
      ],
      PRICED.map((tasks) => beside(growths, tasks)),
    ),
    '',
  ].join('\n\n');
}

type Growths = Readonly<Record<keyof Usage, Growth>>;

function growthOf(runs: readonly Run[], name: keyof Usage): Growth {
  return fitGrowth(pointsOf(runs, name));
}

const pointsOf = (runs: readonly Run[], name: keyof Usage) =>
  runs.map(({ tasks, nodes, usage }) => ({ tasks, nodes, used: usage[name] }));

/** Whether a quantity grows faster than the tasks, on the nodes of any of the runs. */
export function growsFaster(runs: readonly Run[], name: keyof Usage): boolean {
  return [...new Set(runs.map(({ nodes }) => nodes))].some((nodes) => {
    const points = pointsOf(runs, name).filter((point) => point.nodes === nodes);
    const largest = points.reduce((top, point) => (point.tasks > top.tasks ? point : top));
    return largest.used / largest.tasks > LEAST_A_TASK && steepening(points) > EVEN;
  });
}

/** What a job of that size uses by the growths. */
function usageFor(growths: Growths, tasks: number): Usage {
  const nodes = nodesFor(tasks);
  return Object.fromEntries(
    quantities.map((name) => [name, usedBy(growths[name], tasks, nodes)]),
  ) as unknown as Usage;
}

const nodesFor = (tasks: number) => Math.ceil(tasks / TASKS_A_NODE);

function priced(growths: Growths, tasks: number): string[] {
  const prices = priceOf(usageFor(growths, tasks), priceList);
  const all = total(prices);
  return [
    grouped(tasks),
    ...quantities.map((name) => dollars(prices[name])),
    dollars(all),
    dollars((all / tasks) * 1e6),
  ];
}

function beside(growths: Growths, tasks: number): string[] {
  const control = total(priceOf(usageFor(growths, tasks), priceList));
  const each = aTaskEach(tasks, priceList);
  const nodes = onNodes(tasks, SECONDS_A_TASK, nodesFor(tasks), priceList);
  return [grouped(tasks), dollars(control + nodes), dollars(each.awsBatch), dollars(each.stepFunctions)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const short = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const dollars = (value: number) => value.toFixed(value < 1 ? 4 : 2);
const grouped = (value: number) => value.toLocaleString('en-US');
