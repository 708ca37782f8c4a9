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
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { loadJobHead } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';

const A_PAGE = 500;

/**
 * Looks at what a queued job waits for: it goes to the queue of nodes once all of it holds, and fails at once when one
 * dependency has become impossible. Its history says what it waits for.
 */
export function settleDependencies(ports: { store: Store; clock: Clock }, uid: string): Promise<void> {
  const { store, clock } = ports;
  return commitAgain(clock, async () => {
    const item = await loadJobHead(store, uid);
    const job = item?.body;
    if (item === undefined || job?.state !== 'QUEUED' || dependenciesMet(job)) return;
    const before = JSON.stringify(job);
    const dependencies = job.dependencies ?? [];
    const open = dependencies.filter((dependency) => dependency.verdict === undefined);
    const found = await store.getMany<JobHead>(open.map((dependency) => jobKey(dependency.uid)));
    for (const [at, dependency] of open.entries()) {
      Object.assign(dependency, judge(dependency.need, found[at]?.body as DependencyTarget));
    }
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
  });
}

/** Tells all jobs that wait for one which has ended, or is being deleted. */
export async function tellDependents(ports: { store: Store; clock: Clock }, uid: string): Promise<void> {
  let from = '';
  for (;;) {
    const page = await ports.store.query({ pk: `D#${uid}`, from, limit: A_PAGE });
    for (const { sk } of page) await settleDependencies(ports, sk);
    const last = page.at(-1);
    if (last === undefined || page.length < A_PAGE) return;
    // The smallest key after the last one.
    from = `${last.sk}\u0000`;
  }
}
