import {
  type CapacityUse,
  type Hold,
  sumOfHolds,
  take,
  unused,
} from '../../shared/core/admission/capacity-use.ts';
import { jobDemand } from '../../shared/core/admission/job-demand.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { isFinished } from '../../shared/core/job/job-states.ts';
import { capacityKey, HOLDS, holdKey, jobKey } from '../../shared/core/keys.ts';
import type { Store } from '../../shared/ports/store.ts';
import type { AdmitPorts } from '../advance-jobs/read-queue.ts';
import { releaseHolds } from '../advance-jobs/release-holds.ts';
import { commitAgain } from '../commit-again.ts';
import { activeJobs } from '../load-job.ts';

const A_PAGE = 1000;

/**
 * Puts right what is known of the capacity in use: jobs that have ended give back what they took, those that run without
 * having taken anything (an earlier version admitted them) take it, and the sum is that of the holds.
 */
export async function sweepCapacity(ports: AdmitPorts): Promise<void> {
  const { store } = ports;
  const holds = new Set((await allHolds(store)).map(({ uid }) => uid));
  const active = await activeJobs(store);
  const running = new Set(active.map(({ body }) => body.uid));
  const doubtful = [...holds].filter((uid) => !running.has(uid));
  const found = await store.getMany<JobHead>(doubtful.map(jobKey));
  await releaseHolds(
    ports,
    doubtful.filter((_, at) => {
      const state = found[at]?.body.state;
      return state === undefined || isFinished(state);
    }),
  );
  for (const { body: job } of active) {
    if (!holds.has(job.uid) && (job.state === 'SCHEDULED' || job.state === 'RUNNING'))
      await takeLate(ports, job);
  }
  await commitAgain(ports.clock, () => checkSum(store));
}

async function takeLate({ store, clock, capacity, limits }: AdmitPorts, job: JobHead): Promise<void> {
  const demand = job.demand ?? jobDemand(job, capacity, limits);
  if ('problem' in demand) return;
  const hold: Hold = { uid: job.uid, project: job.project, amounts: demand.amounts };
  await commitAgain(clock, async () => {
    const [now, there] = await store.getMany<JobHead | Hold>([jobKey(job.uid), holdKey(job.uid)]);
    const state = (now?.body as JobHead | undefined)?.state;
    if (there !== undefined || (state !== 'SCHEDULED' && state !== 'RUNNING')) return;
    const taken = await store.get<CapacityUse>(capacityKey);
    await store.commit([
      { ...capacityKey, body: take(taken?.body ?? unused, hold), ifVersion: taken?.version ?? 0 },
      { ...holdKey(job.uid), body: hold, ifVersion: 0 },
    ]);
  });
}

/** Every write of a hold writes the sum too: so the holds that were read are those of the sum, if it is still the same then. */
async function checkSum(store: Store): Promise<void> {
  const taken = await store.get<CapacityUse>(capacityKey);
  if (taken === undefined) return;
  const sum = sumOfHolds(await allHolds(store), taken.body.reserved);
  if (canonical(sum) === canonical(taken.body)) return;
  await store.commit([{ ...capacityKey, body: sum, ifVersion: taken.version }]);
}

const canonical = ({ used, reserved }: CapacityUse): string =>
  JSON.stringify([used, reserved].map((part) => Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))));

async function allHolds(store: Store): Promise<Hold[]> {
  const holds: Hold[] = [];
  for (let from = ''; ; ) {
    const page = await store.query<Hold>({ pk: HOLDS, from, limit: A_PAGE });
    holds.push(...page.map(({ body }) => body));
    const last = page.at(-1);
    if (last === undefined || page.length < A_PAGE) return holds;
    from = `${last.sk}\u0000`;
  }
}
