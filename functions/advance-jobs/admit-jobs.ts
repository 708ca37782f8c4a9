import { type Admission, admit } from '../../shared/core/admission/admit.ts';
import { type CapacityUse, unused } from '../../shared/core/admission/capacity-use.ts';
import { waitText } from '../../shared/core/admission/wait-text.ts';
import { moveJob, noteOnJob } from '../../shared/core/job/job-events.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { capacityKey, holdKey, jobKey } from '../../shared/core/keys.ts';
import type { Put } from '../../shared/ports/store.ts';
import { unlessChanged } from '../../shared/ports/unless-changed.ts';
import { commitAgain } from '../commit-again.ts';
import { jobWrite } from '../write-job.ts';
import {
  type AdmitPorts,
  isReady,
  type QueueEntry,
  queuedJobs,
  queueEntry,
  readQueue,
} from './read-queue.ts';
import { releaseHolds } from './release-holds.ts';

/** What has become of jobs since the queue was looked at. */
export interface QueueNews {
  /** Jobs that have come into the queue. */
  readonly fresh?: readonly string[];
  /** Jobs that have ended, or are gone. */
  readonly ended?: readonly string[];
}

/** Jobs that are admitted in one commit. */
const AT_ONCE = 40;

/**
 * Gives back what ended jobs took and admits queued jobs while there is room (QUEUED → SCHEDULED). What is taken stands in
 * one small record that is part of each such commit, so that two who look at the queue at the same time cannot give the
 * same room twice. A job that has to wait says in its history, once, what for.
 */
export async function admitJobs(
  ports: AdmitPorts,
  { fresh = [], ended = [] }: QueueNews = {},
): Promise<void> {
  await releaseHolds(ports, ended);
  let left = fresh;
  for (let more = true; more; ) {
    const { admitted, isAll } = await commitAgain(ports.clock, () => admitSome(ports, left));
    left = left.filter((uid) => !admitted.includes(uid));
    more = !isAll;
  }
}

/** One commit; returns whom it admitted, and whether that is all that can be. */
async function admitSome(
  ports: AdmitPorts,
  fresh: readonly string[],
): Promise<{ admitted: readonly string[]; isAll: boolean }> {
  const { store, clock, limits } = ports;
  const taken = await store.get<CapacityUse>(capacityKey);
  const use = taken?.body ?? unused;
  let queue = await readQueue(ports, use, fresh);
  if (queue.length === 0) return { admitted: [], isAll: true };
  const most = Math.min(AT_ONCE, Math.floor((store.maxWrites - 1) / 2));
  for (;;) {
    const admission = admit(queuedJobs(queue), use, limits, clock.now(), most);
    const uids = admission.admitted.map(({ uid }) => uid);
    // What was read may be older than the records: who has left the queue is passed over, and who has been changed is
    // judged as it is now, so that it holds what it is planned with.
    const found = await store.getMany<JobHead>(uids.map(jobKey));
    const now = new Map(uids.map((uid, at) => [uid, found[at]]));
    if (
      queue.some(({ item }) => now.has(item.body.uid) && now.get(item.body.uid)?.version !== item.version)
    ) {
      queue = queue.flatMap((entry) => {
        if (!now.has(entry.item.body.uid)) return [entry];
        const item = now.get(entry.item.body.uid);
        return item !== undefined && isReady(item.body) ? [queueEntry(item, ports)] : [];
      });
      continue;
    }
    const chosen = queue.filter(({ item }) => now.has(item.body.uid));
    if (chosen.length > 0) {
      await store.commit([
        { ...capacityKey, body: admission.use, ifVersion: taken?.version ?? 0 },
        ...admission.admitted.map((hold) => ({ ...holdKey(hold.uid), body: hold, ifVersion: 0 })),
        ...chosen.map((entry) => admittedWrite(clock.now(), entry)),
      ]);
    }
    await noteWaiting(ports, queue, admission);
    return { admitted: uids, isAll: uids.length < most };
  }
}

function admittedWrite(now: number, { item, demand }: QueueEntry): Put {
  if (demand !== undefined) item.body.demand = demand;
  moveJob(item.body, 'admitted', now);
  return jobWrite(item);
}

/** Writes on jobs near the head that have to wait, once each, what they wait for. */
async function noteWaiting(
  { store, clock, limits }: AdmitPorts,
  queue: readonly QueueEntry[],
  admission: Admission,
): Promise<void> {
  const byUid = new Map(queue.map((entry) => [entry.item.body.uid, entry.item]));
  for (const job of queuedJobs(queue)) {
    const item = byUid.get(job.uid);
    if (item === undefined || item.body.waitingFor !== undefined) continue;
    const text = waitText(job, admission, limits);
    if (text === undefined) continue;
    item.body.waitingFor = text;
    noteOnJob(item.body, `The job ${text}.`, clock.now());
    // Another writer, or an index that lags: the next look at the queue finds it.
    await unlessChanged(store.commit([jobWrite(item)]));
  }
}
