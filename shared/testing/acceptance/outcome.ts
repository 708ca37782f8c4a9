import type { Job } from '../../contract/job.ts';
import type { Task } from '../../contract/task.ts';
import type { Expectation } from './example.ts';

/** All that came out of a job. */
export interface Outcome {
  readonly job: Job;
  readonly tasks: readonly Task[];
  /** Lines of output in the order of time. */
  readonly lines: readonly string[];
}

/** What is wrong with an outcome, one sentence each; empty when all is as expected. */
export function compareOutcome(expected: Expectation, { job, tasks, lines }: Outcome): string[] {
  const problems: string[] = [];
  const found = job.status?.taskGroups?.group0?.counts ?? {};
  const events = (job.status?.statusEvents ?? []).map((event) => event.description ?? '');
  if (job.status?.state !== expected.state)
    problems.push(`state is ${job.status?.state}, not ${expected.state}`);
  for (const [group, wanted] of Object.entries(expected.groups ?? {})) {
    const given = job.status?.taskGroups?.[group]?.counts ?? {};
    const texts = Object.fromEntries(Object.entries(wanted).map(([state, count]) => [state, String(count)]));
    if (!sameEntries(given, texts))
      problems.push(`counts of ${group} are ${show(given)}, not ${show(texts)}`);
  }
  const exact = Object.fromEntries(
    Object.entries(expected.counts ?? {}).map(([state, count]) => [state, String(count)]),
  );
  if (expected.counts && !sameEntries(found, exact))
    problems.push(`counts are ${show(found)}, not ${show(exact)}`);
  for (const [state, least] of Object.entries(expected.countsAtLeast ?? {})) {
    if (Number(found[state] ?? 0) < least)
      problems.push(`${found[state] ?? 0} tasks are ${state}, fewer than ${least}`);
  }
  problems.push(...missingInOrder('job event', expected.jobEvents, events));
  for (const pattern of expected.output ?? []) {
    if (matching(lines, pattern).length === 0) problems.push(`no line of output matches ${pattern}`);
  }
  for (const pattern of expected.outputOnce ?? []) {
    const times = matching(lines, pattern).length;
    if (times !== 1) problems.push(`${times} lines match ${pattern}, not one`);
  }
  for (const pattern of expected.noOutput ?? []) {
    for (const line of matching(lines, pattern)) problems.push(`a line matches ${pattern}: ${line}`);
  }
  for (const [first, second] of expected.before ?? []) problems.push(...outOfOrder(lines, first, second));
  for (const [index, wanted] of Object.entries(expected.tasks ?? {})) {
    problems.push(...compareTask(index, wanted, tasks[Number(index)]));
  }
  return problems;
}

type ExpectedTask = NonNullable<Expectation['tasks']>[string];

function compareTask(index: string, wanted: ExpectedTask, task: Task | undefined): string[] {
  const problems: string[] = [];
  const events = task?.status?.statusEvents ?? [];
  if (task?.status?.state !== wanted.state)
    problems.push(`task ${index} is ${task?.status?.state}, not ${wanted.state}`);
  const exitCode = events.findLast((event) => event.taskExecution !== undefined)?.taskExecution?.exitCode;
  if (wanted.exitCode !== undefined && exitCode !== wanted.exitCode) {
    problems.push(`task ${index} has exit code ${exitCode}, not ${wanted.exitCode}`);
  }
  const descriptions = events.map((event) => event.description ?? '');
  return [...problems, ...missingInOrder(`event of task ${index}`, wanted.events, descriptions)];
}

function missingInOrder(
  what: string,
  patterns: readonly string[] | undefined,
  texts: readonly string[],
): string[] {
  let from = 0;
  for (const pattern of patterns ?? []) {
    const at = texts.findIndex((text, order) => order >= from && new RegExp(pattern).test(text));
    if (at < 0) return [`no ${what} in order matches ${pattern}; there are: ${texts.join(' | ')}`];
    from = at + 1;
  }
  return [];
}

function outOfOrder(lines: readonly string[], first: string, second: string): string[] {
  const last = lines.findLastIndex((line) => new RegExp(first).test(line));
  const next = lines.findIndex((line) => new RegExp(second).test(line));
  if (last < 0 || next < 0) return [`no lines match ${last < 0 ? first : second}`];
  return last < next ? [] : [`line ${next} (${lines[next]}) comes before line ${last} (${lines[last]})`];
}

const matching = (lines: readonly string[], pattern: string) =>
  lines.filter((line) => new RegExp(pattern).test(line));
const show = (value: object) => JSON.stringify(value);

function sameEntries(
  left: Readonly<Record<string, string>>,
  right: Readonly<Record<string, string>>,
): boolean {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => (left[name] ?? '0') === (right[name] ?? '0'));
}
