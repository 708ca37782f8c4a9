import type { GroupRecord } from '../../../core/group/group-record.ts';
import type { JobHead } from '../../../core/job/job-record.ts';
import { isFinished } from '../../../core/job/job-states.ts';
import type { OperationRecord } from '../../../core/operation-record.ts';
import type { SeatRecord } from '../../../core/seat/seat-record.ts';
import type { Verdict } from '../world.ts';
import type { Written } from './records.ts';
import { jobReaches, nodeReaches } from './transitions.ts';

/** What must hold between a record and the next version of it, whatever else is in the store. */
export function checkRecord(verdict: Verdict, written: Written): void {
  const { kind, place, before, after } = written;
  if (before === undefined) return;
  if (kind === 'job') checkJob(verdict, place, before, after);
  else if (after === undefined) return;
  else if (kind === 'group') checkGroup(verdict, place, before, after);
  else if (kind === 'seat') checkSeat(verdict, place, before, after);
  else if (kind === 'operation') checkOperation(verdict, before, after);
}

function checkJob(verdict: Verdict, uid: string, before: JobHead, after: JobHead | undefined): void {
  if (after === undefined) {
    verdict.expect(
      before.state === 'DELETION_IN_PROGRESS',
      'only a deleted job goes',
      () => `${uid} went in state ${before.state}`,
    );
    return;
  }
  verdict.expect(
    jobReaches(before.state, after.state),
    'job states change along their table',
    () => `${uid} went from ${before.state} to ${after.state}`,
  );
  const kept = after.events.slice(0, before.events.length);
  verdict.expect(
    JSON.stringify(kept) === JSON.stringify(before.events),
    "a job's history only grows",
    () => `${uid}: ${JSON.stringify(before.events)} became ${JSON.stringify(after.events)}`,
  );
  if (!isFinished(before.state)) return;
  verdict.expect(
    isSame([before.final, before.finishedAt], [after.final, after.finishedAt]),
    "a job's end is recorded once",
    () => `${uid} ended twice`,
  );
}

function checkGroup(verdict: Verdict, place: string, before: GroupRecord, after: GroupRecord): void {
  const rule = 'a group only goes on';
  verdict.expect(before.endedAt === undefined, rule, () => `${place} was written after its end`);
  verdict.expect(after.taskCount >= before.taskCount, rule, () => `${place} lost tasks`);
  verdict.expect(after.reachedBarrier >= before.reachedBarrier, rule, () => `${place} closed a barrier`);
  verdict.expect(
    before.stop === undefined || after.stop !== undefined,
    rule,
    () => `${place} was stopped and goes on`,
  );
  verdict.expect(
    before.stop === undefined ||
      before.stop.kind === 'BARRIER_UNREACHABLE' ||
      isSame(before.stop, after.stop),
    rule,
    () => `${place} was stopped twice`,
  );
}

function checkSeat(verdict: Verdict, place: string, before: SeatRecord, after: SeatRecord): void {
  const name = `seat ${after.seat} of ${place}`;
  const isNext = after.epoch === before.epoch + 1;
  verdict.expect(
    after.epoch === before.epoch || (isNext && after.state === 'STARTING'),
    'an epoch begins with a launch',
    () => `${name}: epoch ${before.epoch} ${before.state} to ${after.epoch} ${after.state}`,
  );
  verdict.expect(
    nodeReaches(before.state, after.state),
    'node states change along their table',
    () => `${name} went from ${before.state} to ${after.state}`,
  );
  verdict.expect(
    isNext || after.tokenHash === before.tokenHash || after.tokenHash === '',
    'an epoch has one token',
    () => name,
  );
  for (const state of ['succeeded', 'failed', 'unexecuted'] as const) {
    verdict.expect(
      after.ended[state] >= before.ended[state],
      'ended tasks stay ended',
      () => `${name}: ${before.ended[state]} ${state}, then ${after.ended[state]}`,
    );
  }
}

function checkOperation(verdict: Verdict, before: OperationRecord, after: OperationRecord): void {
  verdict.expect(
    !before.done || isSame(before, after),
    'an operation ends once',
    () => `${before.id} of ${before.jobUid} was written after its end`,
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
