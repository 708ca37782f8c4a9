import { whyScriptsAreRoot } from '../agent/shell/script-user.ts';
import { LocalSecrets } from '../agent/shell/secrets.ts';
import { invalidArgument, type Violation } from '../shared/contract/error.ts';
import type { Job } from '../shared/contract/job.ts';
import { topicOf } from '../shared/contract/notification.ts';
import type { TaskGroup } from '../shared/contract/task-group.ts';
import { containersOf } from '../shared/core/container/job-containers.ts';
import { environmentsOf } from '../shared/core/group-environments.ts';
import { given, groupRefusals, type Refusal, refusalsOf, refuse } from '../shared/core/job-refusals.ts';
import {
  checkContainers,
  type EngineCheck,
  engineCheck,
  unresolvedLogins,
} from './container-capabilities.ts';

/** What leaves room for `.jsonl` in a file's name. */
const TOPIC_LENGTH = 200;

/**
 * Throws for a job that asks for what the runner on one machine cannot honour: UNIMPLEMENTED for fields, all named at
 * once; INVALID_ARGUMENT for what nobody could make sense of, and for secrets that are not there. `whyNoEngine` is asked
 * when the job has containers; `scripts` when those of a group are not to be root, for why they could be nothing else.
 */
export async function checkCapabilities(
  job: Job,
  secretsFile?: string,
  whyNoEngine: EngineCheck = engineCheck(process.env),
  scripts = whyScriptsAreRoot,
): Promise<void> {
  const ofContainers = refusalsOf(await checkContainers(job, whyNoEngine));
  refuse([...refusals(job, scripts), ...ofContainers]);
  const secrets = new LocalSecrets(secretsFile, process.env);
  const missing = [...unresolvedSecrets(job, secrets), ...unresolvedLogins(job, secrets)];
  if (missing.length > 0) throw invalidArgument(missing);
}

const NO_EFFECT = 'These fields have no effect on one machine, whose nodes are processes on it';
const NO_MEMORY_LIMIT =
  'Scripts are not held to their memory on one machine: a task can take what the machine has';
const DISKS =
  'A disk is a folder on one machine: empty at first, private to each task, found by its containers only, gone with the task. Its type and size have no effect.';

/**
 * What of a job is accepted and has no effect on one machine, as sentences for its history. `memoryGiven`: of each group,
 * whether its client said how much memory a task takes.
 */
export function capabilityNotes(job: Job, memoryGiven: readonly boolean[] = []): string[] {
  const moot = [...mootFields(job)];
  const unlimited = [...unlimitedMemory(job, memoryGiven)];
  return [
    ...(moot.length === 0 ? [] : [`${NO_EFFECT}: ${moot.join(', ')}.`]),
    ...(given(job.allocationPolicy?.instances?.[0]?.policy?.disks) ? [DISKS] : []),
    ...(unlimited.length === 0 ? [] : [`${NO_MEMORY_LIMIT}: ${unlimited.join(', ')}.`]),
  ];
}

/** The engine holds containers to their memory. For processes that takes a control group, which needs more rights than its user has. */
function* unlimitedMemory(job: Job, memoryGiven: readonly boolean[]): Generator<string> {
  for (const [order, group] of (job.taskGroups ?? []).entries()) {
    const hasScript = (group.taskSpec?.runnables ?? []).some(({ script }) => script !== undefined);
    if (memoryGiven[order] && hasScript) yield `taskGroups[${order}].taskSpec.computeResource.memoryMib`;
  }
}

function* refusals(job: Job, whyScriptsAreRoot: () => string | undefined): Generator<Refusal> {
  for (const [at, notification] of (job.notifications ?? []).entries()) {
    if ((topicOf(notification)?.topic.length ?? 0) > TOPIC_LENGTH)
      yield [
        `notifications[${at}]`,
        `a topic is a file here, whose name has at most ${TOPIC_LENGTH} characters`,
      ];
  }
  const instance = job.allocationPolicy?.instances?.[0];
  const policy = 'allocationPolicy.instances[0]';
  if (instance?.instanceTemplate)
    yield [`${policy}.instanceTemplate`, 'there are no instance templates here'];
  if (instance?.installGpuDrivers) yield [`${policy}.installGpuDrivers`, NO_GPUS];
  if (given(instance?.policy?.accelerators)) yield [`${policy}.policy.accelerators`, NO_GPUS];
  for (const [at, group] of (job.taskGroups ?? []).entries())
    yield* ofGroup(group, `taskGroups[${at}]`, whyScriptsAreRoot);
}

const NO_GPUS = 'nodes have no GPUs here';

function* ofGroup(
  group: TaskGroup,
  path: string,
  whyScriptsAreRoot: () => string | undefined,
): Generator<Refusal> {
  yield* groupRefusals(group, path);
  const hasScripts = (group.taskSpec?.runnables ?? []).some(({ script }) => script !== undefined);
  const why = group.runAsNonRoot && hasScripts ? whyScriptsAreRoot() : undefined;
  if (why !== undefined) yield [`${path}.runAsNonRoot`, why];
  if (given(group.serviceAccount)) yield [`${path}.serviceAccount`, 'there are no service accounts here'];
  if (Number(group.taskSpec?.computeResource?.gpuCount ?? 0) > 0)
    yield [`${path}.taskSpec.computeResource.gpuCount`, NO_GPUS];
  for (const { environment, path: where } of environmentsOf(group, path)) {
    if (given(environment.encryptedVariables))
      yield [`${where}.encryptedVariables`, 'there is no KMS here; use secretVariables with a secrets file'];
  }
}

function* unresolvedSecrets(job: Job, secrets: LocalSecrets): Generator<Violation> {
  for (const [at, group] of (job.taskGroups ?? []).entries()) {
    for (const { environment, path } of environmentsOf(group, `taskGroups[${at}]`)) {
      for (const [variable, secret] of Object.entries(environment.secretVariables ?? {})) {
        try {
          secrets.resolve({ [variable]: secret });
        } catch (error) {
          yield { field: `${path}.secretVariables.${variable}`, description: (error as Error).message };
        }
      }
    }
  }
}

function* mootFields(job: Job): Generator<string> {
  const allocation = job.allocationPolicy ?? {};
  const policy = allocation.instances?.[0]?.policy ?? {};
  const at = 'allocationPolicy.instances[0]';
  if (policy.machineType) yield `${at}.policy.machineType`;
  if (policy.minCpuPlatform) yield `${at}.policy.minCpuPlatform`;
  if (policy.provisioningModel !== undefined && policy.provisioningModel !== 'STANDARD') {
    yield `${at}.policy.provisioningModel`;
  }
  if (given(policy.bootDisk)) yield `${at}.policy.bootDisk`;
  if (policy.reservation) yield `${at}.policy.reservation`;
  if (allocation.instances?.[0]?.installOpsAgent) yield `${at}.installOpsAgent`;
  if (allocation.instances?.[0]?.blockProjectSshKeys) yield `${at}.blockProjectSshKeys`;
  for (const field of [
    'serviceAccount',
    'network',
    'placement',
    'tags',
    'instanceFlexibilityPolicy',
  ] as const) {
    if (given(allocation[field])) yield `allocationPolicy.${field}`;
  }
  for (const [order, group] of (job.taskGroups ?? []).entries()) {
    const compute = group.taskSpec?.computeResource ?? {};
    if (compute.bootDiskMib) yield `taskGroups[${order}].taskSpec.computeResource.bootDiskMib`;
  }
  for (const { field, container } of containersOf(job))
    if (container.enableImageStreaming) yield `${field}.enableImageStreaming`;
}
