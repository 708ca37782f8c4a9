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
 * The moves that a group's record tells: its plan makes the environment, then it begins, and its end is the end of
 * the environment and of the nodes that still sit there too. A group that was stopped has FAILED, as its job will have.
 * Where the seats are gone with their job, the end of nodes is not told.
 */
export function groupSteps(
  before: GroupRecord | undefined,
  after: GroupRecord | undefined,
  { plannedAt, seatsOf, repeatsBeginnings }: GroupContext,
): StateStep[] {
  if (after === undefined) return [];
  const steps: StateStep[] = before === undefined ? [environmentStep(after, 'CREATED', plannedAt)] : [];
  const { jobUid, groupId, begunAt } = after;
  if (begunAt !== undefined && before?.begunAt === undefined)
    steps.push({ kind: 'group', jobUid, groupId, at: begunAt, to: 'RUNNING' });
  if (after.endedAt === undefined || before?.endedAt !== undefined) return steps;
  const seats = seatsOf() ?? [];
  if (repeatsBeginnings) steps.push(...beginnings(seats));
  if (after.stop !== undefined || after.counts !== undefined || seats.length > 0)
    steps.push(groupEnd(after, after.endedAt, seats));
  for (const seat of seats) {
    // A node whose agent has not reported yet was never created; one that drains has said so.
    if (seat.state === 'RUNNING') steps.push(nodeStep(seat, 'RUNNING', 'STOPPED', after.endedAt));
  }
  steps.push(environmentStep(after, 'DELETED', after.endedAt));
  return steps;
}

/** That nodes have come up: told by their seats when it happened. The time is that of the launch, which the seats still have. */
function beginnings(seats: readonly SeatRecord[]): StateStep[] {
  return seats
    .filter(({ state }) => state === 'RUNNING')
    .map((seat) => nodeStep(seat, 'STARTING', 'RUNNING', seat.nodeSince ?? seat.lastReportAt ?? 0));
}

function groupEnd(group: GroupRecord, at: number, seats: readonly SeatRecord[]): GroupStep {
  const counts = group.counts ?? seats.map(seatCounts).reduce(addCounts, noTasks);
  const { jobUid, groupId, stop } = group;
  const to = stop === undefined && counts.FAILED === 0 ? 'SUCCEEDED' : 'FAILED';
  return { kind: 'group', jobUid, groupId, at, to, ...(stop === undefined ? {} : { stop }) };
}

function environmentStep(group: GroupRecord, to: EnvironmentStep['to'], at: number): EnvironmentStep {
  const { jobUid, groupId, seatCount } = group;
  return { kind: 'environment', jobUid, groupId, at, to, seatCount };
}
