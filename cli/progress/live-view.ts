import type { GroupProgress, NodeProgress } from '../api/answers.ts';
import { formatElapsed } from '../output/times.ts';
import { count, grouped, paintState, styleOf, waitingText } from '../output/words.ts';
import type { Paint } from '../terminal/terminal.ts';
import { clip, pad, printable, textWidth } from '../terminal/text-width.ts';
import { renderBar } from './bar.ts';
import { failureBlock } from './failures.ts';
import type { FollowState } from './follow-state.ts';
import { formatRate, rateOf } from './rate.ts';
import { type Totals, totalsOf } from './totals.ts';

/** The room that a view has. */
export interface Room {
  columns: number;
  rows: number;
}

const WIDEST = 200;
const WIDEST_BAR = 100;
const OUTPUT_LINES_OF_A_FAILURE = 3;
const SHOWN_NODES = 5;
const SHOWN_GROUPS = 6;

/**
 * The lines of the live view of a job: first what matters most, and of the rest as much as there is room for, so that it fits any
 * terminal whatever the number of tasks and nodes.
 */
export function renderLive(state: FollowState, room: Room, paint: Paint, now: number): string[] {
  const width = Math.min(WIDEST, room.columns - 1);
  const totals = totalsOf(state.progress);
  const sections = [
    [titleLine(state, width, paint, now)],
    state.note === undefined ? [] : [paint('magenta', clip(state.note, width))],
    totals.tasks === 0 ? [] : [barLine(totals, width, paint), countsLine(state, totals, width, paint)],
    waitingLines(state, width, paint),
    paceLines(state, totals, width),
    groupLines(state.progress.groups, width),
    ...state.progress.failures.map((failure) =>
      failureBlock(failure, width, paint, OUTPUT_LINES_OF_A_FAILURE),
    ),
    nodeLines(state.progress.nodes, width, paint),
    state.output.map((line) => paint('gray', clip(printable(line), width))),
  ];
  return sections.flat().slice(0, Math.max(1, room.rows - 1));
}

function titleLine(
  { jobId, progress, createdAt, startedAt }: FollowState,
  width: number,
  paint: Paint,
  now: number,
): string {
  const since =
    startedAt === undefined
      ? `for ${formatElapsed(now - createdAt)}`
      : `run time ${formatElapsed(now - startedAt)}`;
  const rest = `  ${progress.state}  ${since}`;
  const name = clip(jobId, Math.max(8, width - rest.length));
  return `${paint('bold', name)}  ${paintState(paint, progress.state)}  ${since}`;
}

function barLine(totals: Totals, width: number, paint: Paint): string {
  const percent = `${Math.floor((totals.ended / totals.tasks) * 100)}%`.padStart(4);
  return `${renderBar(totals, Math.min(WIDEST_BAR, width - percent.length - 1), paint)} ${percent}`;
}

const countedStates = ['SUCCEEDED', 'FAILED', 'RUNNING', 'ASSIGNED', 'PENDING', 'UNEXECUTED'];

/** Counts by state with the states' words; zero is left out except of what succeeded. */
function countsLine({ progress }: FollowState, totals: Totals, width: number, paint: Paint): string {
  const sum = (state: string) => progress.groups.reduce((all, group) => all + (group.counts[state] ?? 0), 0);
  const cells = countedStates
    .map((state) => ({ state, number: sum(state) }))
    .filter(({ state, number }) => number > 0 || state === 'SUCCEEDED')
    .map(({ state, number }) => ({ state, text: `${state} ${grouped(number)}` }));
  const needed = cells.reduce((all, { text }) => all + text.length + 2, 0);
  const tails = [`of ${count(totals.tasks, 'task')}`, `of ${grouped(totals.tasks)}`, ''];
  const tail = tails.find((text) => needed + text.length <= width) ?? '';
  let left = width - tail.length;
  let line = '';
  for (const { state, text } of cells) {
    if (text.length > left) break;
    left -= text.length + 2;
    line += `${paint(styleOf(state), text)}  `;
  }
  return (line + tail).trimEnd();
}

function waitingLines({ progress }: FollowState, width: number, paint: Paint): string[] {
  if (progress.waitingFor === undefined) return [];
  return [paint('yellow', clip(waitingText(printable(progress.waitingFor)), width))];
}

function paceLines({ samples }: FollowState, totals: Totals, width: number): string[] {
  const rate = rateOf(samples);
  if (rate === undefined) return [];
  const left = totals.tasks - totals.ended;
  const estimate = left === 0 ? '' : `, about ${formatElapsed((left / rate) * 1000)} left`;
  return [clip(`${formatRate(rate)}${estimate}`, width)];
}

/** One line a group that has stages, or each group when there are several. */
function groupLines(groups: readonly GroupProgress[], width: number): string[] {
  const told = groups.filter((group) => groups.length > 1 || group.stages > 1);
  const lines = told.slice(0, SHOWN_GROUPS).map((group) => clip(groupLine(group, groups.length > 1), width));
  const more = told.length - lines.length;
  return more > 0 ? [...lines, `and ${count(more, 'more group')}`] : lines;
}

/** `group0: 3 of 10 tasks ended, stage 2 of 3, 4 of 10 tasks wait at the barrier`. */
export function groupLine(group: GroupProgress, withEnded: boolean): string {
  const ended = ['SUCCEEDED', 'FAILED', 'UNEXECUTED'].reduce(
    (all, state) => all + (group.counts[state] ?? 0),
    0,
  );
  const total = count(group.taskCount, 'task');
  const parts = [
    withEnded ? `${grouped(ended)} of ${total} ended` : '',
    group.stages > 1 ? `stage ${group.stage} of ${group.stages}` : '',
    group.atBarrier > 0 ? `${grouped(group.atBarrier)} of ${total} wait at the barrier` : '',
  ];
  return `${group.group}: ${parts.filter((part) => part !== '').join(', ')}`;
}

function nodeLines(nodes: readonly NodeProgress[], width: number, paint: Paint): string[] {
  if (nodes.length === 0) return [];
  const slots = nodes.reduce((all, node) => all + node.slots, 0);
  const busy = nodes.reduce((all, node) => all + node.running, 0);
  const states = [...Map.groupBy(nodes, (node) => node.state)].map(
    ([state, some]) => `${grouped(some.length)} ${state}`,
  );
  const head = `${count(nodes.length, 'node')} (${states.join(', ')}), ${grouped(busy)} of ${count(slots, 'slot')} busy`;
  if (nodes.length > SHOWN_NODES) return [clip(head, width)];
  const names = nodes.map((node) => clip(shortNodeName(node.name), 40));
  const nameWidth = Math.max(...names.map(textWidth));
  return [
    clip(head, width),
    ...nodes.map((node, i) => {
      const text = `  ${pad(names[i] ?? '', nameWidth)}  ${node.state}  ${node.running}/${node.slots} busy  ${grouped(node.ended)} ended`;
      return paint('gray', clip(text, width));
    }),
  ];
}

/** Nodes are named `<job uid>-group0-3-a1b2`; the job stands above already. */
function shortNodeName(name: string): string {
  return /[a-z][a-z0-9]*-\d+-[a-z0-9]+$/.exec(name)?.[0] ?? name;
}
