import { type GroupRecord, stageOf } from '../../shared/core/group/group-record.ts';
import { reportIntervals } from '../../shared/core/report-intervals.ts';
import { hasNode, type SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { type AdvancePorts, advanceGroup } from '../advance-jobs/advance-group.ts';
import { commitAgain } from '../commit-again.ts';
import { stopNodeOf } from '../give-up-job/release-nodes.ts';
import type { StopNode } from '../give-up-job/stop-node.ts';
import { activeJobs, loadGroups, loadSeats } from '../load-job.ts';

export interface SweepRunsPorts extends AdvancePorts {
  readonly stopNode: StopNode;
  /** Takes note of what one job's sweep met; the others go on. */
  readonly logError: (error: unknown, jobUid: string) => void;
}

/** A node that has not reported for so long, or for several of the intervals that it was told, is stopped. */
const SILENCE_MS = 180_000;
const SILENT_INTERVALS = 5;
/** How long a node may take from being asked for to its first report. */
const START_MS = 20 * 60_000;
/** How long nodes have to go by themselves when their group has ended. */
const GRACE_MS = 90_000;

/**
 * Looks after the runs of all active jobs: a run that was never started is started, a group whose last change was missed
 * is moved on, and nodes that are silent, or outstay their group, are stopped. That ends their turn in the state machine,
 * which does the rest.
 */
export async function sweepRuns(ports: SweepRunsPorts): Promise<void> {
  for (const { body: job } of await activeJobs(ports.store)) {
    try {
      await ports.workflow.start(job.uid);
      for (const { body: group } of await loadGroups(ports.store, job)) await sweepGroup(ports, group);
    } catch (error) {
      ports.logError(error, job.uid);
    }
  }
}

async function sweepGroup(ports: SweepRunsPorts, group: GroupRecord): Promise<void> {
  const { jobUid, groupId } = group;
  await commitAgain(ports.clock, () => advanceGroup(ports, jobUid, groupId));
  // Whoever moved the group on may have been cut off before the workflow heard of it.
  if (group.waitsFor === undefined) await ports.workflow.groupReady(jobUid, groupId);
  if (group.reachedBarrier > 0) await ports.workflow.stageEnded(jobUid, groupId, stageOf(group).stage - 1);
  const now = ports.clock.now();
  for (const { body: seat } of await loadSeats(ports.store, group)) {
    const reason = whyStop(seat, group, now);
    if (reason !== undefined) await stopNodeOf(ports, seat, reason);
  }
}

/** Why a node is to be stopped; undefined when it is not. */
function whyStop(seat: SeatRecord, group: GroupRecord, now: number): string | undefined {
  if (!hasNode(seat)) return undefined;
  if (group.endedAt !== undefined && now - group.endedAt > GRACE_MS) return 'its task group has ended';
  const since = now - (seat.lastReportAt ?? seat.nodeSince ?? now);
  const { defaultMs } = reportIntervals(group.seatCount);
  const patience =
    seat.lastReportAt === undefined ? START_MS : Math.max(SILENCE_MS, SILENT_INTERVALS * defaultMs);
  return since > patience ? `it has not reported for ${Math.round(since / 1000)} s` : undefined;
}
