import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { dependenciesMet } from '../../shared/core/job/dependencies.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import { isFinished } from '../../shared/core/job/job-states.ts';
import { WAKES } from '../../shared/core/keys.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Change } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { loadGroups, loadJobHead } from '../load-job.ts';
import { admitJobs } from './admit-jobs.ts';
import { type AdvancePorts, advanceGroup } from './advance-group.ts';
import { NewsByGroup } from './news-by-group.ts';
import { type AdmitPorts, isReady } from './read-queue.ts';
import { settleDependencies } from './settle-dependencies.ts';
import { stopGroup } from './stop-group.ts';
import { tellDependents, tellMore, type WakeRecord } from './tell-dependents.ts';

export type AdvanceJobsPorts = AdvancePorts & AdmitPorts;

/**
 * Consumes the change feed: what one record's change means for the others. Each batch may come twice; all that is done
 * is derived from the records as they are now.
 */
export async function advanceJobs(ports: AdvanceJobsPorts, changes: readonly Change[]): Promise<void> {
  const news = new NewsByGroup();
  const jobs = new Map<string, JobHead>();
  const ended = new Set<string>();
  const wakes = new Set<string>();
  const fresh: string[] = [];
  const over: string[] = [];
  let admission = false;
  for (const change of changes) {
    if (change.pk.startsWith('S#') && change.after !== undefined) {
      news.ofSeat(change.before as SeatRecord | undefined, change.after as SeatRecord);
    } else if (change.sk.startsWith('group#') && change.after !== undefined) {
      const group = change.after as GroupRecord;
      news.ofGroup(change.before as GroupRecord | undefined, group);
      if (group.endedAt !== undefined) ended.add(group.jobUid);
    } else if (change.pk.startsWith(WAKES) && change.after !== undefined) {
      wakes.add((change.after as WakeRecord).uid);
    } else if (change.sk === 'job') {
      const job = change.after as JobHead | undefined;
      const before = change.before as JobHead | undefined;
      if (job !== undefined && job.state !== before?.state) jobs.set(job.uid, job);
      admission ||= job === undefined || job.state !== before?.state || isReady(job) !== isReady(before);
      if (job !== undefined && isReady(job) && !isReady(before)) fresh.push(job.uid);
      // A job that is being deleted holds what it took until nothing is left of it.
      if (job === undefined || isFinished(job.state)) over.push((job ?? before)?.uid ?? '');
    }
  }
  for (const job of jobs.values()) await advanceJob(ports, job);
  for (const uid of wakes) await tellMore(ports, uid);
  // The end of a group can be what others of its job wait for.
  for (const uid of ended) for (const group of await waitingGroups(ports, uid)) news.ofAwaited(group);
  for (const { jobUid, groupId, of } of news.groups)
    await commitAgain(ports.clock, () => advanceGroup(ports, jobUid, groupId, of));
  if (admission) await admitJobs(ports, { fresh, ended: over });
}

async function waitingGroups({ store }: AdvanceJobsPorts, uid: string): Promise<GroupRecord[]> {
  const job = await loadJobHead(store, uid);
  const groups = job === undefined ? [] : await loadGroups(store, job.body);
  return groups.map((group) => group.body).filter((group) => group.waitsFor !== undefined);
}

/** A job that was admitted is run; one that a client wants to end is stopped, and run to its end. */
async function advanceJob(ports: AdvanceJobsPorts, job: JobHead): Promise<void> {
  if (job.state === 'QUEUED' && !dependenciesMet(job)) await settleDependencies(ports, job.uid);
  if (job.outcome !== undefined || job.state === 'DELETION_IN_PROGRESS') await tellDependents(ports, job);
  if (job.state === 'QUEUED' || isFinished(job.state)) return;
  if (job.state === 'CANCELLATION_IN_PROGRESS' || job.state === 'DELETION_IN_PROGRESS') {
    const kind = job.state === 'CANCELLATION_IN_PROGRESS' ? 'CANCELLED' : 'DELETED';
    for (const group of await loadGroups(ports.store, job)) {
      await stopGroup(ports, job.uid, group.body.groupId, { kind });
    }
  }
  await ports.workflow.start(job.uid);
}
