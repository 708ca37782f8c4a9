import { agentTaskSpecSchema } from './agent-task-spec.ts';
import { environmentSchema } from './environment.ts';
import { logsPolicySchema } from './logs-policy.ts';
import { list, mapOf } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import { int32, int64, uint64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, duration, text, timestamp } from './proto/scalar.ts';
import { agentStates, intendedStates, taskSources } from './states.ts';
import { taskStatusSchema } from './task.ts';
import { taskSpecSchema } from './task-spec.ts';

/** What an agent reports of one task. */
export const agentTaskInfoSchema = message('AgentTaskInfo', {
  /** `task/{jobUid}-{group}-{index}/{attempt}/0`. */
  taskId: text(),
  /** The highest index of a runnable that was started, counted from 1. */
  runnable: int64(),
  taskStatus: taskStatusSchema,
});
export type AgentTaskInfo = Infer<typeof agentTaskInfoSchema>;

export const agentInfoSchema = message('AgentInfo', {
  jobId: text(),
  taskGroupId: text(),
  reportTime: timestamp(),
  state: enumOf('AgentInfo.State', agentStates),
  tasks: list(agentTaskInfoSchema),
  /** Ours: how many tasks beyond its slots the agent will hold. Absent is 0: it gets no more tasks than it has slots. */
  taskQueueSize: int32(),
  /** Ours: the agent asks for `assignment` in the response. Absent is false. */
  needsAssignment: bool(),
});
export type AgentInfo = Infer<typeof agentInfoSchema>;

/** What the agent runs on. */
export const agentMetadataSchema = message('AgentMetadata', {
  instance: text(),
  instanceId: uint64(),
  instancePreemptionNoticeReceived: bool(),
  machineType: text(),
  osRelease: mapOf(text()),
  version: text(),
  imageVersion: text(),
  zone: text(),
  creator: text(),
  /** Deprecated in the API; `agentTimingInfo.agentStartupTime` replaces it. */
  creationTime: timestamp(),
});
export type AgentMetadata = Infer<typeof agentMetadataSchema>;

export const agentTimingInfoSchema = message('AgentTimingInfo', {
  bootTime: timestamp(),
  scriptStartupTime: timestamp(),
  agentStartupTime: timestamp(),
});
export type AgentTimingInfo = Infer<typeof agentTimingInfoSchema>;

/** An agent's report; that it comes at all says that the agent is healthy. */
export const reportAgentStateRequestSchema = message('ReportAgentStateRequest', {
  agentInfo: agentInfoSchema,
  agentTimingInfo: agentTimingInfoSchema,
  metadata: agentMetadataSchema,
});
export type ReportAgentStateRequest = Infer<typeof reportAgentStateRequestSchema>;

/** A task that the agent is to have, stop or forget. */
export const agentTaskSchema = message('AgentTask', {
  task: text(),
  intendedState: enumOf('AgentTask.IntendedState', intendedStates),
  /** The highest barrier that all tasks of the group have reached. */
  reachedBarrier: int64(),
  taskSource: enumOf('AgentTask.TaskSource', taskSources),
  spec: taskSpecSchema,
  agentTaskSpec: agentTaskSpecSchema,
  status: taskStatusSchema,
  /** Ours: the task's own variables, for an agent that has the task spec from its assignment; then there is no `spec`. */
  environment: environmentSchema,
});
export type AgentTask = Infer<typeof agentTaskSchema>;

/** Ours: what is the same for all tasks of a node, sent once instead of with each task. */
export const nodeAssignmentSchema = message('NodeAssignment', {
  jobUid: text(),
  jobId: text(),
  groupId: text(),
  /** How many tasks the node runs at once. */
  taskSlots: int32(),
  taskSpec: taskSpecSchema,
  logsPolicy: logsPolicySchema,
});
export type NodeAssignment = Infer<typeof nodeAssignmentSchema>;

/** The answer to a report: all tasks that the agent is to know of. */
export const reportAgentStateResponseSchema = message('ReportAgentStateResponse', {
  tasks: list(agentTaskSchema),
  /** How often to report when nothing happens. */
  defaultReportInterval: duration(),
  /** How long to wait after a report before the next, whatever happens. */
  minReportInterval: duration(),
  useBatchMonitoredResource: bool(),
  /** Ours: present only when the agent asked for it with `needsAssignment`. */
  assignment: nodeAssignmentSchema,
});
export type ReportAgentStateResponse = Infer<typeof reportAgentStateResponseSchema>;
