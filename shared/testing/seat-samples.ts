import type { GroupRecord } from '../core/group/group-record.ts';
import { every } from '../core/index-runs.ts';
import type { AgentReport, TaskReport } from '../core/seat/apply-report.ts';
import type { ActiveTask, NodeInfo, SeatRecord } from '../core/seat/seat-record.ts';
import { newSeat } from '../core/seat/seat-record.ts';

export const node: NodeInfo = { instance: 'node-7', instanceId: '7', zone: 'local-a', machineType: 'm' };

/** A group of 10 tasks in one seat, without barriers and retries. */
export function aGroup(given: Partial<GroupRecord> = {}): GroupRecord {
  return {
    jobUid: 'j-1',
    groupId: 'group0',
    project: 'p',
    location: 'l',
    jobId: 'j',
    taskCount: 10,
    seatCount: 1,
    taskPack: 4,
    barriers: [],
    reachedBarrier: 0,
    retry: { maxRetryCount: 0 },
    failFast: false,
    ...given,
  };
}

/** A seat of four slots whose node runs, with ten tasks that are not started. */
export function aSeat(given: Partial<SeatRecord> = {}): SeatRecord {
  const fresh = newSeat({ jobUid: 'j-1', groupId: 'group0', seat: 0, slots: 4, unstarted: every(0, 1, 10) });
  return { ...fresh, epoch: 1, tokenHash: 'hash', state: 'RUNNING', node, ...given };
}

/** Assigned at 10, started at 20, at its first runnable. */
export function anActiveTask(index: number, given: Partial<ActiveTask> = {}): ActiveTask {
  return { index, attempt: 0, recorded: false, assignedAt: 10, startedAt: 20, runnable: 1, ...given };
}

/** Assigned at 10, and not started. */
export function anAssignedTask(index: number, given: Partial<ActiveTask> = {}): ActiveTask {
  return { index, attempt: 0, recorded: false, assignedAt: 10, runnable: 0, ...given };
}

/** That a task runs its first runnable. */
export function said(index: number, given: Partial<TaskReport> = {}): TaskReport {
  return { index, attempt: 0, state: 'RUNNING', runnable: 1, events: [], ...given };
}

export function aReport(tasks: TaskReport[], given: Partial<AgentReport> = {}): AgentReport {
  return { node, stopped: false, preempted: false, tasks, ...given };
}
