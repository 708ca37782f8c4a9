import { type AdvanceJobsPorts, advanceJobs } from '../../functions/advance-jobs/advance-jobs.ts';
import { finishJob } from '../../functions/finish-job/finish-job.ts';
import { planJob } from '../../functions/plan-job/plan-job.ts';
import { launchNode } from '../../functions/run-nodes/launch-node.ts';
import { JobSpecs } from '../../functions/state-report/job-specs.ts';
import { newJobWrites } from '../../functions/write-job.ts';
import { acceptJob } from '../../shared/contract/job-rules.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { reportIntervals } from '../../shared/core/report-intervals.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Change, Store } from '../../shared/ports/store.ts';
import { noLogs } from '../../shared/testing/no-logs.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { SeededRandom } from '../../shared/testing/simulator/seeded-random.ts';
import { ConsumerCalls } from './consumer-calls.ts';
import { QuickNode } from './quick-node.ts';

export const uid = 'job-1';
/** Reports under way at the same time: the 200 a second that there may be, with 50 ms for each. */
const AT_ONCE = 10;

export interface Wish {
  readonly nodes: number;
  readonly tasksANode: number;
  readonly slots: number;
  /** Tasks that a node holds beyond its slots. */
  readonly queue: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ManyNodesRun {
  readonly reports: number;
  readonly calls: ConsumerCalls['calls'];
  readonly delivered: ConsumerCalls['delivered'];
  /** From the first report to the last. */
  readonly seconds: number;
}

/**
 * Runs a job of many nodes through the service's use cases: from its record in the queue to its end, with the change
 * feed consumed once a second between the reports. Nodes report in rounds, each node once, in an order that is drawn anew;
 * one node in five needs two rounds for its tasks, so that the others take work from it. `told` is given what is delivered
 * to the publisher of events.
 */
export async function runManyNodes(
  inner: Store,
  wish: Wish,
  told: (changes: readonly Change[]) => Promise<void> = async () => undefined,
): Promise<ManyNodesRun> {
  const random = new SeededRandom(7);
  const start = Date.UTC(2030, 0, 1);
  let now = start;
  const clock: Clock = { ...ringingClock(() => now), jitter: () => random.next() };
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
  const feed = new ConsumerCalls(inner);
  const limits = { deployment: {}, projects: {} };
  const ports = { store: feed.store, clock, random: () => random.next(), workflow, capacity, limits };
  /** Until nothing follows any more; each window is one second. */
  async function consume(): Promise<void> {
    for (;;) {
      const batches = await feed.window();
      for (const batch of batches['publish-events']) await told(batch);
      if (batches['advance-jobs'].length === 0) return;
      for (const batch of batches['advance-jobs']) await advanceJobs(ports, batch);
    }
  }

  await feed.store.commit(queuedJob(wish, now));
  await consume();
  const [group] = await planJob(ports, capacity, uid);
  if (group?.seatCount !== wish.nodes) throw new Error(`${group?.seatCount} seats instead of ${wish.nodes}`);
  const reportPorts = { ...ports, specs: new JobSpecs(feed.store) };
  const nodes: QuickNode[] = [];
  for (let seat = 0; seat < wish.nodes; seat += 1) {
    const place = { zone: 'us-east-1a', machineType: 'fargate' };
    const request = await launchNode(ports, group, seat, place);
    nodes.push(new QuickNode(reportPorts, request, { queue: wish.queue, slow: random.chance(0.2) }));
  }
  await consume();
  let reports = 0;
  for (let working = nodes; working.length > 0; working = working.filter((node) => !node.sentHome)) {
    const order = working.map((node) => ({ node, at: random.next() })).sort((a, b) => a.at - b.at);
    const roundMs = reportIntervals(wish.nodes).minMs;
    const aSecond = Math.max(AT_ONCE, Math.ceil((working.length * 1000) / roundMs));
    for (let second = 0; second * aSecond < order.length; second += 1) {
      const some = order.slice(second * aSecond, (second + 1) * aSecond);
      for (let from = 0; from < some.length; from += AT_ONCE)
        await Promise.all(some.slice(from, from + AT_ONCE).map(({ node }) => node.report()));
      reports += some.length;
      now += 1000;
      await consume();
    }
  }
  if (!ended.has(group.groupId)) throw new Error('the nodes were sent home before the group had ended');
  const seconds = (now - start) / 1000;
  await finishJob({ ...ports, logs: noLogs }, uid);
  await consume();
  return { reports, calls: feed.calls, delivered: feed.delivered, seconds };
}

function queuedJob({ nodes, tasksANode, slots, labels = {} }: Wish, now: number) {
  const group = {
    taskCount: nodes * tasksANode,
    parallelism: nodes * slots,
    taskCountPerNode: slots,
    taskSpec: { runnables: [{ script: { text: ':' } }] },
  };
  const { job, given } = acceptJob({ labels, taskGroups: [group] });
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
