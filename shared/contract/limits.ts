const DAY_MS = 24 * 60 * 60 * 1000;

/** The numbers of the Batch API. Where a range is given both ends are allowed. */
export const limits = {
  /** Bytes of a job's JSON (Google Batch quotas page: "1 MB"). */
  jobBytes: 1024 * 1024,
  /** Tasks of a group (Google Batch quotas page). */
  tasksPerGroup: 100_000,
  /** Tasks of a job that run at once (Google Batch quotas page). */
  parallelTasks: 5_000,
  /** TaskSpec.maxRetryCount (its description in the API). */
  retryCount: { min: 0, max: 10 },
  /** Job.priority, described as [0, 100). */
  priority: { min: 0, max: 99 },
  /** Length of TaskGroup.taskEnvironments (Google Batch page on environment variables). */
  taskEnvironments: 200,
  /** TaskSpec.lifecyclePolicies: the API supports one (its description). */
  lifecyclePolicies: 1,
  /** Exit codes of a program; beyond them the service's own (Google Batch troubleshooting page: 50000 to 50006). */
  exitCode: { min: 1, max: 255 },
  reservedExitCode: { min: 50_000, max: 59_999 },
  /** Job.dependencies and the items in one (Google Batch page on dependent jobs). */
  jobDependencies: 1,
  dependencyItems: 4,
  /** AllocationPolicy.instances: only the first is supported (its description). */
  instances: 1,
  /** Custom labels of a job and its runnables together (Google Batch page on labels). */
  jobLabels: 63,
  /** TaskGroup.labels (its description). */
  groupLabels: 64,
  /** Labels of a node: 64 of Compute Engine less the three predefined (Google Batch page on labels). */
  nodeLabels: 61,
  /** InstanceFlexibilityPolicy (its description). */
  instanceSelections: 50,
  flexibleMachineTypes: 200,
  /** How many nodes a hosts file lists at most (TaskGroup.requireHostsFile). */
  hostsFileNodes: 1_000,
  /** Parameters of an event that a notification asks for, and their lengths (ours: Tencent Batch documents none). */
  eventVars: 20,
  eventVarName: 64,
  eventVarValue: 1_024,
  /** A job that is QUEUED for longer fails (Google Batch quotas page). */
  queueWaitMs: 2 * DAY_MS,
  /** A job is RUNNING for no longer than this (Google Batch quotas page). */
  runMs: 14 * DAY_MS,
  /** A finished job is deleted after this (Google Batch quotas page). */
  retentionMs: 60 * DAY_MS,
  /** A request with the requestId of an earlier one is not done again for this long (jobs.create). */
  requestIdMs: 60 * 60 * 1000,
} as const;

/** What the service fills in where a job says nothing (ComputeResource, TaskGroup and TaskSpec in the API). */
export const defaults = {
  taskCount: 1,
  cpuMilli: 2_000,
  memoryMib: 2_000,
  maxRetryCount: 0,
  priority: 0,
} as const;
