import { admit } from '../../shared/core/admission.ts';
import { moveJob, noteOnJob } from '../../shared/core/job/job-events.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { type Capacity, demandOf } from '../../shared/core/plan.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { jobWrite } from '../write-job.ts';

/** Jobs at the head of the queue that are told why they wait; those behind them wait for the same reason. */
const LOOK_AT = 20;
const ACTIVE_AT_MOST = 1000;

/** Nodes that a job will have. */
export function nodesOf(job: JobHead, capacity: Capacity): number {
  return demandOf(job, capacity).reduce((sum, { nodes }) => sum + nodes, 0);
}

/** Admits queued jobs while their nodes fit (QUEUED → SCHEDULED), and writes on the first of the others why they wait. */
export function admitJobs(ports: { store: Store; clock: Clock; capacity: Capacity }): Promise<void> {
  // A job that was cancelled or changed meanwhile: the queue is looked at again, for nothing else may come to do it.
  return commitAgain(ports.clock, () => admitOnce(ports));
}

async function admitOnce({
  store,
  clock,
  capacity,
}: {
  store: Store;
  clock: Clock;
  capacity: Capacity;
}): Promise<void> {
  const queue = await store.queryIndex<JobHead>('index2', { pk: 'QUEUED', limit: LOOK_AT });
  if (queue.length === 0) return;
  const active = await store.queryIndex<JobHead>('index2', { pk: 'ACTIVE', limit: ACTIVE_AT_MOST });
  const inUse = active.reduce((nodes, job) => nodes + nodesOf(job.body, capacity), 0);
  const wishes = queue.map((job) => ({ uid: job.body.uid, nodes: nodesOf(job.body, capacity) }));
  const { admitted, waiting } = admit(wishes, inUse, capacity.maxNodes);
  for (const item of queue) {
    const job = item.body;
    const reason = waiting.get(job.uid);
    if (reason === job.waitingFor && !admitted.includes(job.uid)) continue;
    if (admitted.includes(job.uid)) moveJob(job, 'admitted', clock.now());
    else if (reason !== undefined) {
      if (job.waitingFor === undefined) noteOnJob(job, `The job ${reason}.`, clock.now());
      job.waitingFor = reason;
    }
    await store.commit([jobWrite(item)]);
  }
}
