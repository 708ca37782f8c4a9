import type { GroupRecord } from '../group/group-record.ts';
import { addCounts, noTasks, seatCounts } from '../seat/seat-progress.ts';
import type { SeatRecord } from '../seat/seat-record.ts';
import { nodeStep } from './node-steps.ts';
import type { EnvironmentStep, GroupStep, StateStep } from './state-step.ts';

interface GroupContext {
  readonly plannedAt: number;
  /** Read only when the group has ended. */
  readonly seatsOf: () => readonly SeatRecord[] | undefined;
  readonly repeatsBeginnings: boolean;
}

/**
 * The moves that a group's record tells: its plan makes the environment, its end is the end of the group, of the
 * environment and of the nodes that still sit there. A group that was stopped has FAILED, as its job will have. How any
 * other ended stands in its seats alone, which no longer change then; where they are gone with their job, it is not told.
 */
export function groupSteps(
  before: GroupRecord | undefined,
  after: GroupRecord | undefined,
  { plannedAt, seatsOf, repeatsBeginnings }: GroupContext,
): StateStep[] {
  if (after === undefined) return [];
  const steps: StateStep[] = before === undefined ? [environmentStep(after, 'CREATED', plannedAt)] : [];
  if (after.endedAt === undefined || before?.endedAt !== undefined) return steps;
  const seats = seatsOf() ?? [];
  if (repeatsBeginnings) steps.push(...beginnings(after, seats));
  if (after.stop !== undefined || seats.length > 0) steps.push(groupEnd(after, after.endedAt, seats));
  for (const seat of seats) {
    // A node whose agent has not reported yet was never created; one that drains has said so.
    if (seat.state === 'RUNNING') steps.push(nodeStep(seat, 'RUNNING', 'STOPPED', after.endedAt));
  }
  steps.push(environmentStep(after, 'DELETED', after.endedAt));
  return steps;
}

/**
 * That the group has begun, and that its nodes have come up: told by other records when it happened. The time is that of
 * the nodes' launch, which these records still have.
 */
function beginnings({ jobUid, groupId }: GroupRecord, seats: readonly SeatRecord[]): StateStep[] {
  const launchedAt = (seat: SeatRecord) => seat.nodeSince ?? seat.lastReportAt ?? 0;
  const up = seats.filter(({ state }) => state === 'RUNNING');
  const begun = seats.filter(({ begun }) => begun).map(launchedAt);
  return [
    ...(begun.length > 0 ? [groupBegins(jobUid, groupId, Math.min(...begun))] : []),
    ...up.map((seat) => nodeStep(seat, 'STARTING', 'RUNNING', launchedAt(seat))),
  ];
}

function groupEnd(group: GroupRecord, at: number, seats: readonly SeatRecord[]): GroupStep {
  const counts = seats.map(seatCounts).reduce(addCounts, noTasks);
  const { jobUid, groupId, stop } = group;
  const to = stop === undefined && counts.FAILED === 0 ? 'SUCCEEDED' : 'FAILED';
  return { kind: 'group', jobUid, groupId, at, to, ...(stop === undefined ? {} : { stop }) };
}

function environmentStep(group: GroupRecord, to: EnvironmentStep['to'], at: number): EnvironmentStep {
  const { jobUid, groupId, seatCount } = group;
  return { kind: 'environment', jobUid, groupId, at, to, seatCount };
}

/** That the group runs: said by the job, for its only group, or else by the first of the group's seats to begin. */
export function groupBegins(jobUid: string, groupId: string, at: number): GroupStep {
  return { kind: 'group', jobUid, groupId, at, to: 'RUNNING' };
}
