import { describe, expect, it } from 'vitest';
import { MAX_WRITES } from '../../shared/aws/commit-writes.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { groupKey, jobKey } from '../../shared/core/keys.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { chargedStore } from './charged-store.ts';
import { dollarsAMillion } from './control-plane-price.ts';
import { runManyNodes, uid, type Wish } from './many-nodes.ts';

/** What a job of that shape does to the table and calls, a task. */
async function figuresOf(wish: Wish) {
  const { store, counts } = chargedStore(memoryStore({ maxWrites: MAX_WRITES }));
  const run = await runManyNodes(store, wish);
  const job = await store.get<JobHead>(jobKey(uid));
  expect(job?.body.state).toBe('SUCCEEDED');
  const tasks = wish.nodes * wish.tasksANode;
  const ofItem = ({ pk, sk }: { pk: string; sk: string }) => counts.writes.get(`${pk} ${sk}`) ?? 0;
  const ofKind = (kind: string) =>
    [...counts.writes].filter(([name]) => name.startsWith(kind)).map(([, writes]) => writes);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const figures = {
    tasks,
    reports: run.reports,
    'of virtual seconds': run.seconds,
    commits: counts.commits,
    conflicts: counts.conflicts,
    'writes of the job': ofItem(jobKey(uid)),
    'writes of the group': ofItem(groupKey(uid, 'group0')),
    'writes of a seat, at most': Math.max(...ofKind('S#')),
    'writes of a task, at most': Math.max(...ofKind('T#')),
    'tasks written': ofKind('T#').length,
    'writes of seats, a task': sum(ofKind('S#')) / tasks,
    'writes of all items, a task': sum([...counts.writes.values()]) / tasks,
    'write units, a task': counts.writeUnits / tasks,
    'tasks, a report': tasks / run.reports,
    'queries, a report': counts.queries / run.reports,
    'items read, a report': counts.itemsRead / run.reports,
    'read units, a task': counts.readUnits / tasks,
    'calls of state-report, a task': run.reports / tasks,
    'calls of advance-jobs, a task': run.calls['advance-jobs'] / tasks,
    'changes for advance-jobs, a task': run.delivered['advance-jobs'] / tasks,
    'calls of publish-events, a task': run.calls['publish-events'] / tasks,
    'US dollars, a million tasks': dollarsAMillion(counts, run, tasks),
  };
  console.table(figures);
  return figures;
}

describe('a job of 1,000 nodes', () => {
  const wish = { nodes: 1000, tasksANode: 20, slots: 2, queue: 3 };

  it('writes no item from all of them, a task about once, and costs less than 5 US dollars a million tasks', async () => {
    const figures = await figuresOf(wish);
    // Created, admitted, running, finished; and once with each commit of the plan, so that no two plans mix.
    const commitsOfPlan = Math.ceil((wish.nodes + 1) / (MAX_WRITES - 1));
    expect(figures['writes of the job']).toBeLessThanOrEqual(5 + commitsOfPlan);
    // Planned, begun, ended.
    expect(figures['writes of the group']).toBe(3);
    // Planned and launched; then its own reports, and those of seats that took work from it.
    expect(figures['writes of a seat, at most']).toBeLessThanOrEqual(2 + wish.tasksANode);
    expect(figures['tasks written']).toBe(figures.tasks);
    expect(figures['writes of a task, at most']).toBe(1);
    expect(figures['writes of all items, a task']).toBeLessThan(1.75);
    expect(figures.commits).toBeLessThan(figures.reports + wish.nodes + 50);
    // Dry seats do not all want the same one.
    expect(figures.conflicts).toBeLessThan(figures.reports / 100);
    // Its seat, its group, and now and then some others.
    expect(figures['items read, a report']).toBeLessThan(8);
    expect(figures['calls of advance-jobs, a task']).toBeLessThan(0.01);
    expect(figures['calls of publish-events, a task']).toBeLessThan(0.01);
    expect(figures['US dollars, a million tasks']).toBeLessThan(5);
  }, 180_000);
});

describe('short tasks', () => {
  it('cost less than 2 US dollars a million, and a few hundredths of a call each', async () => {
    // Tasks of a few seconds: a node runs and holds as many as a report can tell.
    const figures = await figuresOf({ nodes: 60, tasksANode: 300, slots: 30, queue: 60 });
    const calls =
      figures['calls of state-report, a task'] +
      figures['calls of advance-jobs, a task'] +
      figures['calls of publish-events, a task'];
    expect(calls).toBeLessThan(0.05);
    expect(figures['US dollars, a million tasks']).toBeLessThan(2);
  }, 180_000);
});

// Takes some minutes: LARGE=true npx vitest run infra-tests/dynamodb/writes-per-item
describe.runIf(process.env.LARGE === 'true')('a job of 100,000 tasks (minutes: only with LARGE=true)', () => {
  it.each([
    { nodes: 5000, tasksANode: 20, slots: 1, queue: 3 },
    { nodes: 1000, tasksANode: 100, slots: 4, queue: 12 },
    { nodes: 100, tasksANode: 1000, slots: 30, queue: 60 },
  ])('of $nodes nodes costs no more a task than a smaller one', { timeout: 1_200_000 }, async (wish) => {
    const figures = await figuresOf(wish);
    expect(figures['writes of all items, a task']).toBeLessThan(1.75);
    expect(figures['items read, a report']).toBeLessThan(12);
    expect(figures['calls of advance-jobs, a task']).toBeLessThan(0.01);
  });
});
