import type { JobHead } from '../../shared/core/job/job-record.ts';
import { isFinished } from '../../shared/core/job/job-states.ts';
import { jobKey } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LoginSecrets } from '../../shared/ports/login-secrets.ts';
import type { Store } from '../../shared/ports/store.ts';

export interface SweepLoginsPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logins: Pick<LoginSecrets, 'kept' | 'forget'>;
}

const MINUTE_MS = 60_000;
/** Listing costs; whoever ends a job forgets its logins, so that hardly ever anything is found. */
const MINUTES_BETWEEN = 60;
const A_SWEEP = 5_000;

/** Once an hour: forgets logins of jobs that have ended or are gone, which a plan that came too late may have kept. */
export async function sweepLogins({ store, clock, logins }: SweepLoginsPorts): Promise<void> {
  if (Math.floor(clock.now() / MINUTE_MS) % MINUTES_BETWEEN !== 0) return;
  const kept = await logins.kept(A_SWEEP);
  const uids = [...new Set(kept.map(({ jobUid }) => jobUid))];
  const jobs = await store.getMany<JobHead>(uids.map(jobKey));
  const wanted = new Set(jobs.flatMap((job) => (job && !isFinished(job.body.state) ? [job.body.uid] : [])));
  for (const login of kept) if (!wanted.has(login.jobUid)) await logins.forget(login);
}
