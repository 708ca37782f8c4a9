import { parseAgentTaskId } from '../../shared/contract/agent-task-id.ts';
import type { AgentTaskInfo, ReportAgentStateRequest } from '../../shared/contract/report.ts';
import { timestampMs } from '../../shared/contract/time.ts';
import type { AgentReport, TaskReport } from '../../shared/core/seat/apply-report.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';

/** A custom status event longer than this is cut: records have a limit, and an event is a line, not a log. */
const EVENT_LENGTH = 1000;

/** A report in the decisions' terms. Tasks of other jobs or groups, and start-up actions, are passed over. */
export function readReport(request: ReportAgentStateRequest, seat: SeatRecord): AgentReport {
  const metadata = request.metadata ?? {};
  const tasks = (request.agentInfo?.tasks ?? []).flatMap((info): TaskReport[] => {
    const id = parseAgentTaskId(info.taskId ?? '');
    if (id === undefined || id.jobUid !== seat.jobUid || id.groupId !== seat.groupId) return [];
    return [readTask(info, id)];
  });
  return {
    node: {
      instance: metadata.instance ?? seat.node?.instance ?? '',
      instanceId: metadata.instanceId ?? seat.node?.instanceId ?? '0',
      zone: (metadata.zone ?? seat.node?.zone ?? 'unknown').replace(/^.*zones\//, ''),
      machineType: metadata.machineType ?? seat.node?.machineType ?? '',
    },
    stopped: request.agentInfo?.state === 'AGENT_STOPPED',
    preempted: metadata.instancePreemptionNoticeReceived === true,
    tasks,
  };
}

const reported = { RUNNING: 'RUNNING', SUCCEEDED: 'SUCCEEDED', FAILED: 'FAILED' } as const;

function readTask(info: AgentTaskInfo, id: { index: number; attempt: number }): TaskReport {
  const status = info.taskStatus ?? {};
  const events: [number, string][] = [];
  let startedAt: number | undefined;
  let endedAt: number | undefined;
  let exitCode: number | undefined;
  for (const event of status.statusEvents ?? []) {
    const at = event.eventTime === undefined ? undefined : timestampMs(event.eventTime);
    exitCode = event.taskExecution?.exitCode ?? exitCode;
    if (event.taskState === 'RUNNING') startedAt ??= at;
    else if (event.taskState === 'SUCCEEDED' || event.taskState === 'FAILED') endedAt = at;
    else if (event.taskState === undefined && event.description && at !== undefined) {
      events.push([at, event.description.slice(0, EVENT_LENGTH)]);
    }
  }
  return {
    ...id,
    state: reported[status.state as keyof typeof reported] ?? 'ASSIGNED',
    runnable: Number(info.runnable ?? 0),
    events,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}
