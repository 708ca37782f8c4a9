import type { AllocationPolicy } from './allocation-policy.ts';
import type { InstancePolicyOrTemplate } from './instance-policy.ts';
import type { Job } from './job.ts';
import { defaults, limits } from './limits.ts';
import { isUnset } from './rules/range.ts';
import type { TaskGroup } from './task-group.ts';
import type { TaskSpec } from './task-spec.ts';

/**
 * Fills in what the service does where a job says nothing; the job is not changed but copied.
 * No machine type is filled in. For `allocationPolicy.location` there is `fillLocation`.
 */
export function fillDefaults(job: Job): Job {
  return {
    ...job,
    priority: job.priority ?? String(defaults.priority),
    taskGroups: (job.taskGroups ?? []).map(fillTaskGroup),
    allocationPolicy: fillInstances(job.allocationPolicy ?? {}),
  };
}

/** Allows the job's own region, `regions/{location}`, where a job allows none: clients read the first allowed location. */
export function fillLocation(job: Job, location: string): Job {
  const policy = job.allocationPolicy ?? {};
  if ((policy.location?.allowedLocations ?? []).length > 0) return job;
  return {
    ...job,
    allocationPolicy: {
      ...policy,
      location: { ...policy.location, allowedLocations: [`regions/${location}`] },
    },
  };
}

function fillTaskGroup(group: TaskGroup): TaskGroup {
  const { name: _outputOnly, ...given } = group;
  const environments = (group.taskEnvironments ?? []).length;
  const counted = isUnset(group.taskCount) ? defaults.taskCount : Number(group.taskCount);
  const taskCount = environments > 0 ? environments : counted;
  const inOrder = group.schedulingPolicy === 'IN_ORDER';
  const parallelism = inOrder ? 1 : Math.min(taskCount, limits.parallelTasks);
  const filled: TaskGroup = {
    ...given,
    taskSpec: fillTaskSpec(group.taskSpec ?? {}),
    taskCount: String(taskCount),
    parallelism: isUnset(group.parallelism) ? String(parallelism) : group.parallelism,
    schedulingPolicy: inOrder ? 'IN_ORDER' : 'AS_SOON_AS_POSSIBLE',
  };
  if (isUnset(group.taskCountPerNode)) delete filled.taskCountPerNode;
  return filled;
}

function fillTaskSpec(spec: TaskSpec): TaskSpec {
  const { cpuMilli, memoryMib } = spec.computeResource ?? {};
  return {
    ...spec,
    computeResource: {
      ...spec.computeResource,
      cpuMilli: isUnset(cpuMilli) ? String(defaults.cpuMilli) : cpuMilli,
      memoryMib: isUnset(memoryMib) ? String(defaults.memoryMib) : memoryMib,
    },
    maxRetryCount: spec.maxRetryCount ?? defaults.maxRetryCount,
  };
}

function fillInstances(policy: AllocationPolicy): AllocationPolicy {
  const [first = {}, ...others] = policy.instances ?? [];
  return { ...policy, instances: [fillProvisioningModel(first), ...others] };
}

function fillProvisioningModel(instance: InstancePolicyOrTemplate): InstancePolicyOrTemplate {
  if (instance.instanceTemplate) return instance;
  const model = instance.policy?.provisioningModel;
  const isSet = model !== undefined && model !== 'PROVISIONING_MODEL_UNSPECIFIED';
  return { ...instance, policy: { ...instance.policy, provisioningModel: isSet ? model : 'STANDARD' } };
}
