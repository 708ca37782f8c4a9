import { type AdvanceJobsPorts, advanceJobs } from '../../functions/advance-jobs/advance-jobs.ts';
import { finishJob } from '../../functions/finish-job/finish-job.ts';
import { planJob } from '../../functions/plan-job/plan-job.ts';
import { launchNode } from '../../functions/run-nodes/launch-node.ts';
import { JobSpecs } from '../../functions/state-report/job-specs.ts';
import { newJobWrites } from '../../functions/write-job.ts';
import { acceptJob } from '../../shared/contract/job-rules.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { reportIntervals } from '../../shared/core/report-intervals.ts';
import type { Store } from '../../shared/ports/store.ts';
import { noLogs } from '../../shared/testing/no-logs.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { SeededRandom } from '../../shared/testing/simulator/seeded-random.ts';
import { QuickNode } from './quick-node.ts';

export const uid = 'job-1';
/** Reports under way at the same time: the 200 a second that there may be, with 50 ms for each. */
const AT_ONCE = 10;
/** Changes that the consumer of the feed is handed at once. */
const A_BATCH = 100;

export interface Wish {
  readonly nodes: number;
  readonly tasksANode: number;
  readonly slots: number;
  /** Tasks that a node holds beyond its slots. */
  readonly queue: number;
}

/**
 * Runs a job of many nodes through the service's use cases: from its record in the queue to its end, with the change
 * feed consumed between the reports. Nodes report in rounds, each node once, in an order that is drawn anew; one node in
 * five needs two rounds for its tasks, so that the others take work from it. Returns how many reports there were.
 */
export async function runManyNodes(store: Store, wish: Wish): Promise<number> {
  const random = new SeededRandom(7);
  let now = Date.UTC(2030, 0, 1);
  const clock = ringingClock(() => now);
  const ended = new Set<string>();
  const workflow: AdvanceJobsPorts['workflow'] = {
    start: async () => undefined,
    stageEnded: async () => undefined,
    groupReady: async () => undefined,
    groupEnded: async (_, groupId) => {
      ended.add(groupId);
    },
  };
  const capacity = { nodeCores: wish.slots, maxNodes: wish.nodes };
  async function consume(): Promise<void> {
    for (;;) {
      const changes = await store.changes(0, A_BATCH);
      const last = changes.at(-1);
      if (last === undefined) return;
      const limits = { deployment: {}, projects: {} };
      await advanceJobs({ store, clock, random: () => random.next(), workflow, capacity, limits }, changes);
      await store.forgetChanges(last.seq);
    }
  }

  await store.commit(queuedJob(wish, now));
  await consume();
  const [group] = await planJob({ store, clock }, capacity, uid);
  if (group?.seatCount !== wish.nodes) throw new Error(`${group?.seatCount} seats instead of ${wish.nodes}`);
  const ports = { store, clock, random: () => random.next(), specs: new JobSpecs(store) };
  const nodes: QuickNode[] = [];
  for (let seat = 0; seat < wish.nodes; seat += 1) {
    const place = { zone: 'us-east-1a', machineType: 'fargate' };
    const request = await launchNode({ store, clock, random: () => random.next() }, group, seat, place);
    nodes.push(new QuickNode(ports, request, { queue: wish.queue, slow: random.chance(0.2) }));
  }
  let reports = 0;
  for (let working = nodes; working.length > 0; working = working.filter((node) => !node.sentHome)) {
    now += reportIntervals(wish.nodes).minMs;
    const order = working.map((node) => ({ node, at: random.next() })).sort((a, b) => a.at - b.at);
    for (let from = 0; from < order.length; from += AT_ONCE) {
      const some = order.slice(from, from + AT_ONCE);
      await Promise.all(some.map(({ node }) => node.report()));
      reports += some.length;
      await consume();
    }
  }
  if (!ended.has(group.groupId)) throw new Error('the nodes were sent home before the group had ended');
  await finishJob({ store, clock, logs: noLogs }, uid);
  await consume();
  return reports;
}

function queuedJob({ nodes, tasksANode, slots }: Wish, now: number) {
  const group = {
    taskCount: nodes * tasksANode,
    parallelism: nodes * slots,
    taskCountPerNode: slots,
    taskSpec: { runnables: [{ script: { text: ':' } }] },
  };
  const { job, given } = acceptJob({ taskGroups: [group] });
  const body: JobRecord = {
    uid,
    project: 'p',
    location: 'l',
    jobId: 'job',
    spec: job,
    state: 'QUEUED',
    cpuGiven: given.cpuMilli,
    createdAt: now,
    updatedAt: now,
    events: [],
    operations: [],
  };
  return newJobWrites(body);
}
