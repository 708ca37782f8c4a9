import type { GroupRecord } from '../group/group-record.ts';
import type { JobHead } from '../job/job-record.ts';
import type { SeatRecord } from '../seat/seat-record.ts';
import type { TaskRecord } from '../task/task-record.ts';
import type { FeedMemory } from './feed-memory.ts';
import { groupSteps } from './group-steps.ts';
import type { JobFacts } from './job-facts.ts';
import { jobSteps } from './job-steps.ts';
import { nodeSteps } from './node-steps.ts';
import { groupIdOfKey, jobUidOf, kindOf, type RecordChange } from './record-change.ts';
import { seatTaskSteps } from './seat-task-steps.ts';
import type { StateStep } from './state-step.ts';
import { taskRecordSteps } from './task-record-steps.ts';
import { unexecutedSteps } from './unexecuted-steps.ts';

/** What a change is read with. */
export interface FeedContext {
  job(uid: string): JobFacts | undefined;
  /** The seats of a group that has ended. */
  seats(jobUid: string, groupId: string): readonly SeatRecord[] | undefined;
  readonly memory: FeedMemory;
  /** Whether the moves of a job's single tasks are told. */
  wantsTasks(job: JobFacts): boolean;
  /**
   * The feed has the changes of each item in order, but not of different ones: so the end of a task or of a group's nodes tells
   * the beginning of what ends with it once more, under the same ids. Whoever drops repeats has every subject in its order then.
   */
  readonly repeatsBeginnings?: boolean;
}

/**
 * All moves that one change tells, each told by one record alone:
 *
 * - the job's record: moves of the job;
 * - the group's record: moves of the group, and of the environment; with their end that of the nodes;
 * - a seat's record: moves of its node; that a task is given out, has started, is taken back, or will never run;
 * - a task's record: how attempts ended, and the start of those that began and ended between two reports.
 *
 * A change of an unknown job's record tells nothing: its job is gone.
 */
export function stepsOfChange(change: RecordChange, context: FeedContext): StateStep[] {
  const kind = kindOf(change);
  if (kind === 'other') return [];
  const facts = context.job(jobUidOf(change));
  if (facts === undefined) return [];
  if (kind === 'task') return context.wantsTasks(facts) ? ofTask(change, context) : [];
  if (kind === 'seat') return ofSeat(change, facts, context);
  if (kind === 'job')
    return jobSteps(change.before as JobHead | undefined, change.after as JobHead | undefined);
  const before = change.before as GroupRecord | undefined;
  const after = change.after as GroupRecord | undefined;
  return groupSteps(before, after, {
    plannedAt: facts.admittedAt ?? facts.createdAt,
    seatsOf: () => (after === undefined ? undefined : context.seats(after.jobUid, after.groupId)),
    repeatsBeginnings: context.repeatsBeginnings === true,
  });
}

function ofSeat(change: RecordChange, facts: JobFacts, { memory, wantsTasks }: FeedContext): StateStep[] {
  const before = change.before as SeatRecord | undefined;
  const after = change.after as SeatRecord | undefined;
  if (before === undefined || after === undefined) return [];
  const steps: StateStep[] = nodeSteps(before, after);
  if (!wantsTasks(facts)) return steps;
  const hasRecord = (index: number) => memory.hasRecord(after.jobUid, after.groupId, index);
  return [...steps, ...seatTaskSteps(before, after), ...unexecutedSteps(before, after, hasRecord)];
}

function ofTask(change: RecordChange, { memory, repeatsBeginnings }: FeedContext): StateStep[] {
  const place = { jobUid: jobUidOf(change), groupId: groupIdOfKey(change) };
  const before = change.before as TaskRecord | undefined;
  const isStartTold = repeatsBeginnings !== true && memory.isStartTold(change);
  return taskRecordSteps(place, before, change.after as TaskRecord | undefined, isStartTold);
}
