// Enum tables of the state machines on the wire: name to protobuf number. The numbers are those of the public protos
// google.cloud.batch.v1 and v1alpha; the agent protocol is published by name only, so its numbers follow its listed order.

/** JobStatus.State: where a job is in its life. */
export const jobStates = {
  STATE_UNSPECIFIED: 0,
  QUEUED: 1,
  SCHEDULED: 2,
  RUNNING: 3,
  SUCCEEDED: 4,
  FAILED: 5,
  DELETION_IN_PROGRESS: 6,
  CANCELLATION_IN_PROGRESS: 7,
  CANCELLED: 8,
} as const;
export type JobState = keyof typeof jobStates;

/** TaskStatus.State: where a task is. UNEXECUTED is a task that had not run when its job finished. */
export const taskStates = {
  STATE_UNSPECIFIED: 0,
  PENDING: 1,
  ASSIGNED: 2,
  RUNNING: 3,
  FAILED: 4,
  SUCCEEDED: 5,
  UNEXECUTED: 6,
} as const;
export type TaskState = keyof typeof taskStates;

/** AgentInfo.State: an agent goes from STARTING to RUNNING to STOPPED and never back. */
export const agentStates = {
  AGENT_STATE_UNSPECIFIED: 0,
  AGENT_STARTING: 1,
  AGENT_RUNNING: 2,
  AGENT_STOPPED: 3,
} as const;
export type AgentState = keyof typeof agentStates;

/**
 * AgentTask.IntendedState: what the agent is to do with a task. ASSIGNED: have it and run it (also while running and
 * when finished); CANCELLED: stop it; DELETED: forget it and report it no more.
 */
export const intendedStates = {
  INTENDED_STATE_UNSPECIFIED: 0,
  ASSIGNED: 1,
  CANCELLED: 2,
  DELETED: 3,
} as const;
export type IntendedState = keyof typeof intendedStates;

/** AgentTask.TaskSource: BATCH_INTERNAL is a task of the service itself, USER one of the job. */
export const taskSources = { TASK_SOURCE_UNSPECIFIED: 0, BATCH_INTERNAL: 1, USER: 2 } as const;
export type TaskSource = keyof typeof taskSources;

/** AllocationPolicy.ProvisioningModel: how nodes are bought. */
export const provisioningModels = {
  PROVISIONING_MODEL_UNSPECIFIED: 0,
  STANDARD: 1,
  SPOT: 2,
  PREEMPTIBLE: 3,
  RESERVATION_BOUND: 4,
  FLEX_START: 5,
} as const;
export type ProvisioningModel = keyof typeof provisioningModels;
