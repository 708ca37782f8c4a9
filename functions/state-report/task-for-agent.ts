import { formatAgentTaskId } from '../../shared/contract/agent-task-id.ts';
import type { AgentContainer, AgentTaskSpec } from '../../shared/contract/agent-task-spec.ts';
import type { Environment } from '../../shared/contract/environment.ts';
import type { AgentTask } from '../../shared/contract/report.ts';
import type { Container } from '../../shared/contract/runnable.ts';
import type { TaskGroup } from '../../shared/contract/task-group.ts';
import type { TaskSpec } from '../../shared/contract/task-spec.ts';
import { nonRootUser } from '../../shared/core/container/non-root.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import type { ActiveTask, SeatRecord } from '../../shared/core/seat/seat-record.ts';

/**
 * The variables that a task finds: those of Google Batch, and those of Tencent Batch, whose "task" is what Google calls
 * a task group and whose "task instance" is Google's task.
 */
function batchVariables(
  group: GroupRecord,
  seat: SeatRecord,
  task: Pick<ActiveTask, 'index' | 'attempt'>,
): Record<string, string> {
  return {
    BATCH_TASK_INDEX: String(task.index),
    BATCH_TASK_COUNT: String(group.taskCount),
    BATCH_TASK_RETRY_ATTEMPT: String(task.attempt),
    BATCH_JOB_ID: group.jobId,
    BATCH_JOB_UID: group.jobUid,
    BATCH_NODE_INDEX: String(seat.seat),
    BATCH_NODE_COUNT: String(group.seatCount),
    BATCH_TASK_NAME: group.groupId,
    BATCH_TASK_INSTANCE_NUM: String(group.taskCount),
    BATCH_TASK_INSTANCE_INDEX: String(task.index),
  };
}

/** The task's own environment: its entry of taskEnvironments and the predefined variables, which nothing overrides. */
function taskEnvironment(
  group: GroupRecord,
  seat: SeatRecord,
  task: Pick<ActiveTask, 'index' | 'attempt'>,
  wished: TaskGroup | undefined,
): Environment {
  const own = wished?.taskEnvironments?.[task.index] ?? {};
  return { ...own, variables: { ...own.variables, ...batchVariables(group, seat, task) } };
}

export function agentTaskName(seat: SeatRecord, task: Pick<ActiveTask, 'index' | 'attempt'>): string {
  return formatAgentTaskId({
    jobUid: seat.jobUid,
    groupId: seat.groupId,
    index: task.index,
    attempt: task.attempt,
  });
}

/** A task for our own agent, which has the group's spec from its assignment. */
export function compactTask(
  group: GroupRecord,
  seat: SeatRecord,
  task: ActiveTask,
  wished: TaskGroup | undefined,
): AgentTask {
  return {
    task: agentTaskName(seat, task),
    intendedState: 'ASSIGNED',
    reachedBarrier: String(group.reachedBarrier),
    environment: taskEnvironment(group, seat, task, wished),
  };
}

/**
 * A task with all that an agent needs to run it, in both forms that the protocol knows: `spec`, and, where that form can
 * say all of it, `agentTaskSpec`.
 */
export function completeTask(
  group: GroupRecord,
  seat: SeatRecord,
  task: ActiveTask,
  wished: TaskGroup,
): AgentTask {
  const taskSpec = wished.taskSpec ?? {};
  const environment = mergeEnvironments(taskSpec.environment, taskEnvironment(group, seat, task, wished));
  const spec: TaskSpec = { ...taskSpec, environment };
  const { environment: _, ...named } = compactTask(group, seat, task, wished);
  return {
    ...named,
    taskSource: 'USER',
    status: { state: task.startedAt === undefined ? 'ASSIGNED' : 'RUNNING' },
    spec,
    ...(isSayable(group, spec) ? { agentTaskSpec: agentTaskSpec(group, spec) } : {}),
  };
}

function mergeEnvironments(base: Environment | undefined, over: Environment): Environment {
  return {
    ...base,
    ...over,
    variables: { ...base?.variables, ...over.variables },
    secretVariables: { ...base?.secretVariables, ...over.secretVariables },
  };
}

function agentTaskSpec({ runAsNonRoot }: GroupRecord, spec: TaskSpec): AgentTaskSpec {
  const { environment, maxRunDuration } = spec;
  const { uid, gid } = nonRootUser;
  return {
    ...(runAsNonRoot ? { userAccount: { uid: String(uid), gid: String(gid) } } : {}),
    ...(environment === undefined ? {} : { environment }),
    ...(maxRunDuration === undefined ? {} : { maxRunDuration }),
    runnables: (spec.runnables ?? []).map(
      ({ alwaysRun, background, container, environment: own, ignoreExitStatus, script, timeout }) =>
        Object.fromEntries(
          Object.entries({
            alwaysRun,
            background,
            container: container && agentContainer(container),
            environment: own,
            ignoreExitStatus,
            script,
            timeout,
          }).filter(([, value]) => value !== undefined),
        ),
    ),
  };
}

/** The newer form has no barriers, no volumes of the task, and of a container neither who pulls it nor a closed network. */
function isSayable(group: GroupRecord, { runnables = [], volumes = [] }: TaskSpec): boolean {
  if (group.barriers.length > 0 || volumes.length > 0) return false;
  return !runnables.some(({ container }) => container?.username || container?.blockExternalNetwork);
}

function agentContainer({ imageUri, commands, entrypoint, volumes, options }: Container): AgentContainer {
  const given = { imageUri, commands, entrypoint, volumes, options };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
