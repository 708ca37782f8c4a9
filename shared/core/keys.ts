import { dependenciesMet } from './job/dependencies.ts';
import type { JobHead } from './job/job-record.ts';
import { isFinished, type JobStateName } from './job/job-states.ts';

/**
 * Where each record lives. No partition holds a whole job: seats and tasks are spread over blocks, so that on a store
 * with limits per partition a job of 100,000 tasks has hundreds of them.
 */
export const SEATS_A_BLOCK = 100;
const TASKS_A_BLOCK = 1000;

type Place = { pk: string; sk: string };

const padded = (number: number) => String(number).padStart(8, '0');

export const jobKey = (uid: string): Place => ({ pk: `J#${uid}`, sk: 'job' });
/** What a job's own record leaves out of its spec. */
export const specKey = (uid: string): Place => ({ pk: `J#${uid}`, sk: 'spec' });
export const groupKey = (uid: string, groupId: string): Place => ({ pk: `J#${uid}`, sk: `group#${groupId}` });

/** What stands under a seat's number, in blocks: the seats of a group, and beside them what their nodes may claim. */
type SeatKind = 'S' | 'N';

function seatPlace(kind: SeatKind, uid: string, groupId: string, seat: number): Place {
  return { pk: `${kind}#${uid}#${groupId}#${Math.floor(seat / SEATS_A_BLOCK)}`, sk: padded(seat) };
}

function blocksOf(kind: SeatKind, uid: string, groupId: string, seatCount: number): string[] {
  const blocks = Math.ceil(seatCount / SEATS_A_BLOCK);
  return Array.from({ length: blocks }, (_, block) => `${kind}#${uid}#${groupId}#${block}`);
}

export const seatKey = (uid: string, groupId: string, seat: number): Place =>
  seatPlace('S', uid, groupId, seat);

/** The partitions that hold the seats of a group, `SEATS_A_BLOCK` at most in each. */
export const seatBlocks = (uid: string, groupId: string, seatCount: number): string[] =>
  blocksOf('S', uid, groupId, seatCount);

/** What the node of a seat may claim. */
export const claimKey = (at: { jobUid: string; groupId: string; seat: number }): Place =>
  seatPlace('N', at.jobUid, at.groupId, at.seat);

/** The partitions that hold the claims of a group, `SEATS_A_BLOCK` at most in each. */
export const claimBlocks = (uid: string, groupId: string, seatCount: number): string[] =>
  blocksOf('N', uid, groupId, seatCount);

export function taskKey(uid: string, groupId: string, index: number): Place {
  return { pk: `T#${uid}#${groupId}#${Math.floor(index / TASKS_A_BLOCK)}`, sk: padded(index) };
}

/** The ranges of keys that hold the records of tasks `from` (inclusive) to `to` (exclusive). */
export function taskRanges(uid: string, groupId: string, from: number, to: number) {
  const ranges: { pk: string; from: string; to: string; limit: number }[] = [];
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / TASKS_A_BLOCK) + 1) * TASKS_A_BLOCK);
    ranges.push({
      pk: taskKey(uid, groupId, start).pk,
      from: padded(start),
      to: padded(end),
      limit: end - start,
    });
    start = end;
  }
  return ranges;
}

/** The record that makes a job's name unique and leads from it to the uid; in the order of names within a project. */
export function jobNameKey(name: { project: string; location: string; jobId: string }): Place {
  return { pk: `P#${name.project}`, sk: `${name.location}/${name.jobId}` };
}

/** Says that `dependent` waits for `uid`: who has to be told when that job ends is one query. */
export const dependentKey = (uid: string, dependent: string): Place => ({ pk: `D#${uid}`, sk: dependent });

export const requestKey = (project: string, location: string, requestId: string): Place => ({
  pk: `R#${project}/${location}`,
  sk: requestId,
});

export const operationKey = (project: string, location: string, operationId: string): Place => ({
  pk: `O#${project}/${location}`,
  sk: operationId,
});

export const timeKey = (epochMs: number) => String(epochMs).padStart(15, '0');

/** A project's jobs in one state, in the order of creation. */
export const jobStatePartition = (project: string, state: JobStateName) => `P#${project}#${state}`;

/**
 * A job's index entries: by project, and by project and state, in the order of creation; and by what it needs next, which
 * ends with its retention.
 */
export function jobIndex(job: JobHead): { index1: Place; index2: Place; index3: Place } {
  const created = `${timeKey(job.createdAt)}#${job.uid}`;
  const index1 = { pk: `P#${job.project}`, sk: created };
  const index3 = { pk: jobStatePartition(job.project, job.state), sk: created };
  if (isFinished(job.state)) {
    return {
      index1,
      index2: { pk: 'FINISHED', sk: `${timeKey(job.finishedAt ?? job.updatedAt)}#${job.uid}` },
      index3,
    };
  }
  // Higher priority first, then the earlier one (Google Batch, Job.priority).
  const rank = String(99 - Number(job.spec.priority ?? 0)).padStart(2, '0');
  const phase = job.state !== 'QUEUED' ? 'ACTIVE' : dependenciesMet(job) ? 'QUEUED' : 'WAITING';
  return { index1, index2: { pk: phase, sk: `${rank}#${created}` }, index3 };
}

/** The index entry of a record that is forgotten at a time: the sweep finds those whose time has come. */
export function expiryIndex(atMs: number, id: string): { index2: Place } {
  return { index2: { pk: EXPIRING, sk: `${timeKey(atMs)}#${id}` } };
}

/** The partition of `expiryIndex`. */
export const EXPIRING = 'EXPIRING';

/** What admitted jobs take: the sum, and beside it a record for each. */
export const capacityKey: Place = { pk: 'CAPACITY', sk: 'use' };
export const HOLDS = 'HOLDS';
export const holdKey = (uid: string): Place => ({ pk: HOLDS, sk: uid });

/** Who may start a node when, of one capacity provider. */
export const launchesKey = (provider: string): Place => ({ pk: 'LAUNCHES', sk: provider });

/** What waits in the state machine for a stage of a group to end. */
export const stageWaitKey = (uid: string, groupId: string): Place => ({
  pk: `B#${uid}#${groupId}`,
  sk: 'stage',
});

/** How far the jobs that wait for one which has ended have been told. */
export const WAKES = 'W#';
export const wakeKey = (uid: string): Place => ({ pk: `${WAKES}${uid}`, sk: 'wake' });
