import { type JobFacts, jobFacts } from '../../shared/core/events/job-facts.ts';
import { jobUidOf, kindOf } from '../../shared/core/events/record-change.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import type { Change, Store } from '../../shared/ports/store.ts';
import { keepNewest } from '../keep-newest.ts';
import { loadJobHead } from '../load-job.ts';

/** Jobs whose facts are kept; what a long feed has pushed out is read again. */
const KEPT = 10_000;

/** What events say of jobs, kept in memory: from the feed, which has each job first, or else from the store. */
export class KnownJobs {
  readonly #store: Store;
  readonly #jobs = new Map<string, JobFacts>();
  /** Jobs that are removed: they are forgotten once their last batch is told. */
  #removed: string[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  get(uid: string): JobFacts | undefined {
    return this.#jobs.get(uid);
  }

  /** Learns of all jobs that the changes are about. */
  async learn(changes: readonly Change[]): Promise<void> {
    for (const uid of this.#removed) this.#jobs.delete(uid);
    this.#removed = [];
    const unknown = new Set<string>();
    for (const change of changes) {
      const kind = kindOf(change);
      if (kind === 'other') continue;
      const uid = jobUidOf(change);
      if (kind === 'job') this.#learnFrom(uid, change);
      else if (!this.#jobs.has(uid)) unknown.add(uid);
    }
    for (const uid of unknown) {
      if (this.#jobs.has(uid)) continue;
      const job = await loadJobHead(this.#store, uid);
      if (job !== undefined) this.#keep(job.body);
    }
  }

  #learnFrom(uid: string, change: Change): void {
    const job = (change.after ?? change.before) as JobHead;
    // Nothing that is kept changes after the admission.
    if (this.#jobs.get(uid)?.admittedAt === undefined) this.#keep(job);
    if (change.after === undefined) this.#removed.push(uid);
  }

  #keep(job: JobHead): void {
    this.#jobs.set(job.uid, jobFacts(job));
    keepNewest(this.#jobs, KEPT);
  }
}
