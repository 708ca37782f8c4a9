import { expect, it } from 'vitest';
import { MAX_WRITES } from '../../shared/aws/commit-writes.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { groupKey, jobKey } from '../../shared/core/keys.ts';
import { countingStore } from '../../shared/testing/counting-store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { runManyNodes, uid } from './many-nodes.ts';

const wish = { nodes: 1000, tasksANode: 20, slots: 2, queue: 3 };

it(`writes no item of a job of ${wish.nodes} nodes from all of them, and a task about once`, async () => {
  const { store, counts } = countingStore(memoryStore({ maxWrites: MAX_WRITES }));
  const reports = await runManyNodes(store, wish);
  const job = await store.get<JobHead>(jobKey(uid));
  expect(job?.body.state).toBe('SUCCEEDED');

  const tasks = wish.nodes * wish.tasksANode;
  const ofItem = ({ pk, sk }: { pk: string; sk: string }) => counts.writes.get(`${pk} ${sk}`) ?? 0;
  const ofKind = (kind: string) =>
    [...counts.writes].filter(([name]) => name.startsWith(kind)).map(([, writes]) => writes);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const figures = {
    reports,
    commits: counts.commits,
    conflicts: counts.conflicts,
    'writes of the job': ofItem(jobKey(uid)),
    'writes of the group': ofItem(groupKey(uid, 'group0')),
    'writes of a seat, at most': Math.max(...ofKind('S#')),
    'writes of a task, at most': Math.max(...ofKind('T#')),
    'writes of seats, a task': sum(ofKind('S#')) / tasks,
    'writes of all items, a task': sum([...counts.writes.values()]) / tasks,
    'tasks, a report': tasks / reports,
    'queries, a report': counts.queries / reports,
    'items read, a report': counts.itemsRead / reports,
  };
  console.table(figures);

  // Created, admitted, running, finished; and once with each commit of the plan, so that no two plans mix.
  const commitsOfPlan = Math.ceil((wish.nodes + 1) / (MAX_WRITES - 1));
  expect(figures['writes of the job']).toBeLessThanOrEqual(5 + commitsOfPlan);
  // Planned, begun, ended.
  expect(figures['writes of the group']).toBe(3);
  // Planned and launched; then its own reports, and those of seats that took work from it.
  expect(figures['writes of a seat, at most']).toBeLessThanOrEqual(2 + wish.tasksANode);
  expect(ofKind('T#')).toHaveLength(tasks);
  expect(figures['writes of a task, at most']).toBe(1);
  expect(figures['writes of all items, a task']).toBeLessThan(1.75);
  expect(figures.commits).toBeLessThan(reports + wish.nodes + 50);
}, 180_000);
