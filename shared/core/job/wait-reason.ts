import { closedBarrier, type GroupRecord } from '../group/group-record.ts';
import { awaitedByAll } from '../seat/seat-progress.ts';
import type { SeatRecord } from '../seat/seat-record.ts';
import type { JobHead } from './job-record.ts';

/** A group as far as it has been planned. */
export interface PlannedGroup {
  readonly group: GroupRecord | undefined;
  readonly seats: readonly SeatRecord[];
}

/** What a job waits for, in words; undefined while it goes on by itself or has ended. */
export function waitReason(job: JobHead, groups: readonly PlannedGroup[], now: number): string | undefined {
  if (job.state === 'QUEUED') return job.waitingFor ?? 'waits to be admitted';
  if (job.state === 'CANCELLATION_IN_PROGRESS') return 'waits for its processes to be gone';
  if (job.state !== 'SCHEDULED' && job.state !== 'RUNNING') return undefined;
  for (const { group, seats } of groups) {
    if (group === undefined) return 'waits to be planned';
    if (group.endedAt !== undefined) continue;
    const reason = nodesMissing(seats, now) ?? tasksAwaited(group, seats);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Says so when not one node of a group is up. */
function nodesMissing(seats: readonly SeatRecord[], now: number): string | undefined {
  if (seats.some((seat) => seat.state === 'RUNNING' || seat.state === 'DRAINING')) return undefined;
  const lost = Math.max(...seats.map((seat) => seat.lossesInARow));
  const since = Math.min(...seats.map((seat) => seat.nodeSince ?? now));
  const asked = seats.some((seat) => seat.state === 'STARTING')
    ? `the first was asked for ${Math.round((now - since) / 1000)} s ago`
    : 'none has been asked for yet';
  const before = lost === 0 ? '' : `; ${lost} before it were lost`;
  return `waits for its nodes: none of ${seats.length} has reported, ${asked}${before}`;
}

/** Says so when tasks wait at a barrier. */
function tasksAwaited(group: GroupRecord, seats: readonly SeatRecord[]): string | undefined {
  const barrier = closedBarrier(group);
  if (barrier === undefined || group.stop !== undefined) return undefined;
  const awaited = awaitedByAll(seats, barrier);
  const arrived = group.taskCount - awaited;
  if (arrived === 0 || awaited === 0) return undefined;
  return `${arrived} of ${group.taskCount} tasks wait at the barrier at position ${barrier} for ${awaited} that have still to reach it`;
}
