import type { AgentTaskInfo, ReportAgentStateRequest } from '../../shared/contract/report.ts';
import { formatTimestamp } from '../../shared/contract/time.ts';
import type { AgentState } from './agent-state.ts';
import type { HeldTask, TaskStage } from './held-task.ts';
import { queueSize } from './queue-size.ts';

/**
 * The body of a report: every task that the service has not released. Times of reports grow strictly, so that the
 * service can tell an older report that comes late.
 */
export function buildReport(state: AgentState, now: number): ReportAgentStateRequest {
  const { settings } = state;
  const isLast = state.ending?.reportUntil !== undefined;
  const tasks: AgentTaskInfo[] = [];
  for (const task of state.listed.values()) tasks.push(taskInfo(task));
  return {
    agentInfo: {
      jobId: settings.jobId,
      taskGroupId: settings.taskGroupId,
      reportTime: formatTimestamp(Math.max(now, state.report.lastTime + 1)),
      state: isLast ? 'AGENT_STOPPED' : state.assignment === undefined ? 'AGENT_STARTING' : 'AGENT_RUNNING',
      tasks,
      taskQueueSize: state.isPreempted || state.ending !== undefined ? 0 : queueSize(state, now),
      needsAssignment: state.assignment === undefined,
    },
    agentTimingInfo: { agentStartupTime: formatTimestamp(state.startedAt) },
    metadata: { ...settings.metadata, instancePreemptionNoticeReceived: state.isPreempted },
  };
}

const reportedAs: Record<Exclude<TaskStage, 'ENDED'>, 'ASSIGNED' | 'RUNNING'> = {
  QUEUED: 'ASSIGNED',
  RUNNING: 'RUNNING',
  PARKED: 'RUNNING',
  RELEASED: 'RUNNING',
};

function taskInfo(task: HeldTask): AgentTaskInfo {
  const end = task.endEvent;
  const ended = task.exitCode === undefined ? 'SUCCEEDED' : 'FAILED';
  return {
    taskId: task.id,
    ...(task.started === 0 ? {} : { runnable: String(task.started) }),
    taskStatus: {
      state: task.stage === 'ENDED' ? ended : reportedAs[task.stage],
      statusEvents: end === undefined ? [...task.events] : [...task.events, end],
    },
  };
}
