import {
  awaitedJobs,
  type DependencyTarget,
  dependenciesMet,
  impossibleText,
  judge,
} from '../../shared/core/job/dependencies.ts';
import { moveJob, noteOnJob } from '../../shared/core/job/job-events.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { jobKey } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Item, Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { loadJobHead } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';

interface SettlePorts {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Looks at what a queued job waits for: it goes to the queue for room once all of it holds, and fails at once when one
 * dependency has become impossible. Its history says what it waits for.
 */
export function settleDependencies(ports: SettlePorts, uid: string): Promise<void> {
  return commitAgain(ports.clock, async () => {
    const item = await loadJobHead(ports.store, uid);
    if (item !== undefined) await settleItem(ports, item, undefined);
  });
}

/**
 * The same for a job as it was read, by what is known of one that it waits for; the others that are open are looked up.
 * Throws ConflictError when the job has changed since.
 */
export async function settleItem(
  { store, clock }: SettlePorts,
  item: Item<JobHead>,
  known: JobHead | undefined,
): Promise<void> {
  const job = item.body;
  if (job.state !== 'QUEUED' || dependenciesMet(job)) return;
  const before = JSON.stringify(job);
  const dependencies = job.dependencies ?? [];
  const open = dependencies.filter((dependency) => dependency.verdict === undefined);
  const unknown = open.filter(({ uid }) => uid !== known?.uid);
  const found = await store.getMany<JobHead>(unknown.map(({ uid }) => jobKey(uid)));
  const targets = new Map<string, DependencyTarget>(unknown.map(({ uid }, at) => [uid, found[at]?.body]));
  if (known !== undefined) targets.set(known.uid, known);
  for (const dependency of open)
    Object.assign(dependency, judge(dependency.need, targets.get(dependency.uid)));
  const impossible = dependencies.find((dependency) => dependency.verdict === 'IMPOSSIBLE');
  if (impossible !== undefined) {
    moveJob(job, 'failed', clock.now(), { suffix: impossibleText(impossible) });
    job.finishedAt = clock.now();
  } else if (dependenciesMet(job)) {
    delete job.waitingFor;
    noteOnJob(job, 'All jobs that the job depends on are as it needs them.', clock.now());
  } else {
    job.waitingFor = awaitedJobs(dependencies);
    noteOnJob(job, `The job ${job.waitingFor}.`, clock.now());
  }
  if (JSON.stringify(job) !== before) await store.commit([jobWrite(item)]);
}
