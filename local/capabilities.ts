import { LocalSecrets } from '../agent/shell/secrets.ts';
import type { Environment } from '../shared/contract/environment.ts';
import { ApiError, invalidArgument, unimplemented, type Violation } from '../shared/contract/error.ts';
import type { Job } from '../shared/contract/job.ts';
import { topicOf } from '../shared/contract/notification.ts';
import type { Runnable } from '../shared/contract/runnable.ts';
import type { TaskGroup } from '../shared/contract/task-group.ts';

/** What leaves room for `.jsonl` in a file's name. */
const TOPIC_LENGTH = 200;

/** A field that was given, and what this machine makes of it. */
interface Finding {
  readonly field: string;
  readonly why: string;
}

/**
 * Throws for a job that asks for what the runner on one machine cannot honour: UNIMPLEMENTED for fields, all named at
 * once; INVALID_ARGUMENT for secrets that are not there.
 */
export function checkCapabilities(job: Job, secretsFile?: string): void {
  const refused = [...refusals(job)];
  const first = refused[0];
  if (first !== undefined) {
    const error = unimplemented(first.field, first.why);
    const violations = refused.map(({ field, why }) => ({ field, description: why }));
    throw new ApiError('UNIMPLEMENTED', error.message, { violations });
  }
  const missing = [...unresolvedSecrets(job, new LocalSecrets(secretsFile, process.env))];
  if (missing.length > 0) throw invalidArgument(missing);
}

/** What of a job is accepted and has no effect on one machine, as sentences for its history. */
export function capabilityNotes(job: Job): string[] {
  const moot = [...mootFields(job)];
  if (moot.length === 0) return [];
  return [`These fields have no effect on one machine, whose nodes are processes on it: ${moot.join(', ')}.`];
}

function* refusals(job: Job): Generator<Finding> {
  const groups = job.taskGroups ?? [];
  for (const [at, notification] of (job.notifications ?? []).entries()) {
    if ((topicOf(notification)?.topic.length ?? 0) > TOPIC_LENGTH)
      yield {
        field: `notifications[${at}]`,
        why: `a topic is a file here, whose name has at most ${TOPIC_LENGTH} characters`,
      };
  }
  const instance = job.allocationPolicy?.instances?.[0];
  const policy = 'allocationPolicy.instances[0]';
  if (instance?.instanceTemplate)
    yield { field: `${policy}.instanceTemplate`, why: 'there are no instance templates here' };
  if (instance?.installGpuDrivers)
    yield { field: `${policy}.installGpuDrivers`, why: 'nodes have no GPUs here' };
  if (given(instance?.policy?.accelerators))
    yield { field: `${policy}.policy.accelerators`, why: 'nodes have no GPUs here' };
  if (given(instance?.policy?.disks))
    yield { field: `${policy}.policy.disks`, why: 'disks cannot be attached here' };
  for (const [at, group] of groups.entries()) yield* groupRefusals(group, `taskGroups[${at}]`);
}

function* groupRefusals(group: TaskGroup, path: string): Generator<Finding> {
  if (group.requireHostsFile)
    yield { field: `${path}.requireHostsFile`, why: 'no hosts file is written yet' };
  if (group.permissiveSsh)
    yield { field: `${path}.permissiveSsh`, why: 'there is no SSH between nodes here' };
  if (group.runAsNonRoot)
    yield { field: `${path}.runAsNonRoot`, why: 'runnables run as the user who started the service' };
  if (given(group.allocationPolicy))
    yield { field: `${path}.allocationPolicy`, why: "use the job's allocationPolicy" };
  if (given(group.serviceAccount))
    yield { field: `${path}.serviceAccount`, why: 'there are no service accounts here' };
  const spec = group.taskSpec ?? {};
  if (given(spec.volumes))
    yield { field: `${path}.taskSpec.volumes`, why: 'volumes cannot be mounted here yet' };
  if (Number(spec.computeResource?.gpuCount ?? 0) > 0) {
    yield { field: `${path}.taskSpec.computeResource.gpuCount`, why: 'nodes have no GPUs here' };
  }
  for (const [at, runnable] of (spec.runnables ?? []).entries()) {
    if (runnable.container !== undefined) {
      yield {
        field: `${path}.taskSpec.runnables[${at}].container`,
        why: 'containers cannot be run here yet; use a script',
      };
    }
  }
  for (const { environment, path: where } of environments(group, path)) {
    if (given(environment.encryptedVariables)) {
      yield {
        field: `${where}.encryptedVariables`,
        why: 'there is no KMS here; use secretVariables with a secrets file',
      };
    }
  }
}

function* unresolvedSecrets(job: Job, secrets: LocalSecrets): Generator<Violation> {
  for (const [at, group] of (job.taskGroups ?? []).entries()) {
    for (const { environment, path } of environments(group, `taskGroups[${at}]`)) {
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

function* environments(
  group: TaskGroup,
  path: string,
): Generator<{ environment: Environment; path: string }> {
  const spec = group.taskSpec ?? {};
  if (spec.environment) yield { environment: spec.environment, path: `${path}.taskSpec.environment` };
  for (const [at, environment] of (group.taskEnvironments ?? []).entries()) {
    yield { environment, path: `${path}.taskEnvironments[${at}]` };
  }
  for (const [at, { environment }] of (spec.runnables ?? ([] as Runnable[])).entries()) {
    if (environment) yield { environment, path: `${path}.taskSpec.runnables[${at}].environment` };
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
}

/** Whether a field holds anything: empty lists and messages are the same as absent in proto3. */
function given(value: object | undefined): boolean {
  if (value === undefined) return false;
  return Array.isArray(value) ? value.length > 0 : Object.values(value).some((part) => part !== undefined);
}
