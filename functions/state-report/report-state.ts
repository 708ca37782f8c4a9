import { failedPrecondition, unauthenticated } from '../../shared/contract/error.ts';
import type {
  AgentTask,
  ReportAgentStateRequest,
  ReportAgentStateResponse,
} from '../../shared/contract/report.ts';
import type { TaskGroup } from '../../shared/contract/task-group.ts';
import { formatDuration } from '../../shared/contract/time.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupKey, seatKey } from '../../shared/core/keys.ts';
import { reportIntervals } from '../../shared/core/report-intervals.ts';
import { type AgentReport, type AppliedReport, applyReport } from '../../shared/core/seat/apply-report.ts';
import { assign, room } from '../../shared/core/seat/assign.ts';
import { parkedAt } from '../../shared/core/seat/parked.ts';
import type { ActiveTask, SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Clock, Random } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { aboutToChange, SEAT_WRITES, seatPut, taskWrites } from '../write-seat.ts';
import type { JobSpecs } from './job-specs.ts';
import { matchesHash, placeOf } from './node-token.ts';
import { readReport } from './read-report.ts';
import { takeWork } from './take-work.ts';
import { agentTaskName, compactTask, completeTask } from './task-for-agent.ts';

export interface ReportPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly specs: JobSpecs;
}

/** A heartbeat that says nothing new is written only when the last one on record is this old. */
const HEARTBEAT_MS = 5000;

/**
 * Takes an agent's report and answers with the tasks it is to have: the one call between nodes and service. A report
 * is one commit: the seat, the tasks that changed, and a seat that work is taken from.
 *
 * Throws UNAUTHENTICATED for a token that is none, and FAILED_PRECONDITION when nothing is left for the node: its
 * epoch is over, or its group has ended. An agent that gets either stops.
 */
export function reportState(
  ports: ReportPorts,
  authorization: string | undefined,
  request: ReportAgentStateRequest,
): Promise<ReportAgentStateResponse> {
  return commitAgain(ports.clock, () => reportOnce(ports, authorization, request));
}

async function reportOnce(
  { store, clock, random, specs }: ReportPorts,
  authorization: string | undefined,
  request: ReportAgentStateRequest,
): Promise<ReportAgentStateResponse> {
  const place = placeOf(authorization);
  const [seatItem, groupItem] = await Promise.all([
    store.get<SeatRecord>(seatKey(place.jobUid, place.groupId, place.seat)),
    store.get<GroupRecord>(groupKey(place.jobUid, place.groupId)),
  ]);
  if (seatItem === undefined || groupItem === undefined)
    throw failedPrecondition('the job of this node is gone: stop');
  const seat = seatItem.body;
  const changed = aboutToChange(seatItem);
  const group = groupItem.body;
  fence(seat, place);
  const info = request.agentInfo ?? {};
  if (group.endedAt !== undefined && (info.tasks ?? []).length === 0) {
    throw failedPrecondition('the group has ended: nothing is left for this node');
  }

  const now = clock.now();
  const lastReportAt = seat.lastReportAt ?? 0;
  const before = summary(seat);
  const report = readReport(request, seat);
  const applied = applyReport(seat, group, report, now, store.maxWrites - SEAT_WRITES);
  const free = report.stopped ? 0 : room(seat, group, info.taskQueueSize ?? 0);
  const donor = free > 0 ? await takeWork({ store, random }, seat, group) : undefined;
  const given = assign(seat, group, free, now);

  const silent = applied.changes.length === 0 && given.length === 0 && donor === undefined;
  if (!silent || summary(seat) !== before || now - lastReportAt >= HEARTBEAT_MS) {
    const seats = [changed, ...(donor === undefined ? [] : [donor])].map((one) => seatPut(one, group));
    await store.commit([...seats, ...(await taskWrites(store, group, applied.changes))]);
  }

  const ours = info.taskQueueSize !== undefined;
  const wished = await specs.group(group);
  const { minMs, defaultMs } = reportIntervals(group.seatCount, { onlyWaits: seat.active.length === 0 });
  return {
    tasks: answer(seat, group, report, applied, (task) =>
      ours ? compactTask(group, seat, task, wished.group) : completeTask(group, seat, task, wished.group),
    ),
    minReportInterval: formatDuration(minMs),
    defaultReportInterval: formatDuration(defaultMs),
    useBatchMonitoredResource: true,
    ...(info.needsAssignment ? { assignment: assignment(seat, group, wished) } : {}),
  };
}

function fence(seat: SeatRecord, place: { epoch: number; token: string; seat: number }): void {
  if (seat.epoch !== place.epoch || seat.tokenHash === '') {
    throw failedPrecondition(
      `seat ${place.seat} has another node by now (epoch ${seat.epoch}, this node's ${place.epoch}): stop`,
    );
  }
  if (!matchesHash(place.token, seat.tokenHash))
    throw unauthenticated("this is not the token of the seat's node");
}

/** All of a seat that a report can change without touching a task record. */
function summary(seat: SeatRecord): string {
  const tasks = seat.active.map((task) => `${task.index}.${task.runnable}.${task.startedAt ?? ''}`);
  return [seat.state, seat.node?.instanceId, seat.ended.unexecuted, ...tasks].join();
}

function answer(
  seat: SeatRecord,
  group: GroupRecord,
  report: AgentReport,
  applied: AppliedReport,
  describe: (task: ActiveTask) => AgentTask,
): AgentTask[] {
  const reachedBarrier = String(group.reachedBarrier);
  const listed = new Map(report.tasks.map((task) => [task.index, task]));
  const tasks: AgentTask[] = [];
  for (const [at, said] of report.tasks.entries()) {
    const verdict = applied.verdicts[at];
    const task = agentTaskName(seat, said);
    if (verdict === 'RELEASE') tasks.push({ task, intendedState: 'DELETED' });
    else if (verdict === 'CANCEL') tasks.push({ task, intendedState: 'CANCELLED', reachedBarrier });
    else if (verdict === 'PARKED') {
      // The barrier may be open, but the task has no slot yet: it is told of the barrier when it is given one.
      const stillClosed = String(
        Math.min(group.reachedBarrier, (parkedAt(seat, said.index) ?? said.runnable) - 1),
      );
      tasks.push({ task, intendedState: 'ASSIGNED', reachedBarrier: stillClosed });
    } else if (verdict === 'KEEP' && group.barriers.includes(said.runnable)) {
      tasks.push({ task, intendedState: 'ASSIGNED', reachedBarrier });
    }
  }
  // Tasks that the agent did not list: given now, or given by an answer that never reached it.
  for (const task of seat.active) {
    if (listed.get(task.index)?.attempt !== task.attempt) tasks.push(describe(task));
  }
  return tasks;
}

function assignment(seat: SeatRecord, group: GroupRecord, wished: { group: TaskGroup; logsPolicy?: object }) {
  return {
    jobUid: group.jobUid,
    jobId: group.jobId,
    groupId: group.groupId,
    taskSlots: seat.slots,
    taskSpec: wished.group.taskSpec ?? {},
    ...(wished.logsPolicy === undefined ? {} : { logsPolicy: wished.logsPolicy }),
  };
}
