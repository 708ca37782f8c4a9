import { isDeepStrictEqual } from 'node:util';
import type { AllocationPolicy } from '../allocation-policy.ts';
import type { InstancePolicy, InstancePolicyOrTemplate } from '../instance-policy.ts';
import type { Job } from '../job.ts';
import type { Problems } from '../proto/problems.ts';
import { shortJson } from '../proto/problems.ts';
import type { TaskGroup } from '../task-group.ts';
import type { TaskSpec } from '../task-spec.ts';

/**
 * Moves what was given in a deprecated field to the field that replaced it, where there is an exact one.
 * A deprecated field that contradicts its replacement is refused. `Volume.pd` has no exact replacement and stays.
 */
export function moveDeprecatedFields(problems: Problems, job: Job): Job {
  const { notification, ...rest } = job;
  const moved: Job = rest;
  if (notification !== undefined) {
    const current = rest.notifications?.length ? rest.notifications : undefined;
    moved.notifications = replace(problems, 'notification', [notification], 'notifications', current);
  }
  if (rest.allocationPolicy !== undefined) {
    const { allocationPolicy } = rest;
    problems.at('allocationPolicy', () => {
      moved.allocationPolicy = moveInAllocationPolicy(problems, allocationPolicy);
    });
  }
  if (rest.taskGroups !== undefined) {
    const groups: TaskGroup[] = [];
    problems.each('taskGroups', rest.taskGroups, (group) => {
      groups.push(moveInTaskGroup(problems, group));
    });
    moved.taskGroups = groups;
  }
  return moved;
}

function moveInTaskGroup(problems: Problems, group: TaskGroup): TaskGroup {
  const moved: TaskGroup = { ...group };
  const { taskSpec, allocationPolicy } = group;
  if (taskSpec !== undefined) {
    problems.at('taskSpec', () => {
      moved.taskSpec = moveInTaskSpec(problems, taskSpec);
    });
  }
  if (allocationPolicy !== undefined) {
    problems.at('allocationPolicy', () => {
      moved.allocationPolicy = moveInAllocationPolicy(problems, allocationPolicy);
    });
  }
  return moved;
}

function moveInTaskSpec(problems: Problems, spec: TaskSpec): TaskSpec {
  const { environments, ...rest } = spec;
  if (environments === undefined || Object.keys(environments).length === 0) return rest;
  const current = isEmpty(rest.environment?.variables) ? undefined : rest.environment?.variables;
  const variables = replace(problems, 'environments', environments, 'environment.variables', current);
  return { ...rest, environment: { ...rest.environment, variables } };
}

function moveInAllocationPolicy(problems: Problems, policy: AllocationPolicy): AllocationPolicy {
  const { instance, instanceTemplates, provisioningModels, serviceAccountEmail, ...rest } = policy;
  const moved: AllocationPolicy = rest;
  if (serviceAccountEmail) {
    const current = rest.serviceAccount?.email || undefined;
    const email = replace(
      problems,
      'serviceAccountEmail',
      serviceAccountEmail,
      'serviceAccount.email',
      current,
    );
    moved.serviceAccount = { ...rest.serviceAccount, email };
  }
  let first: InstancePolicyOrTemplate = rest.instances?.[0] ?? {};
  if (instance !== undefined) {
    first = {
      ...first,
      policy: replace(problems, 'instance', instance, 'instances[0].policy', first.policy),
    };
  }
  const template = only(problems, 'instanceTemplates', instanceTemplates);
  if (template !== undefined) {
    const field = 'instances[0].instanceTemplate';
    const instanceTemplate = replace(
      problems,
      'instanceTemplates',
      template,
      field,
      first.instanceTemplate || undefined,
    );
    if (first.policy !== undefined) {
      problems.at('instanceTemplates', () =>
        problems.add('must not be given together with an instance policy; given both'),
      );
    }
    first = { ...first, instanceTemplate };
  }
  const model = only(problems, 'provisioningModels', provisioningModels);
  if (model !== undefined && model !== 'PROVISIONING_MODEL_UNSPECIFIED') {
    const field = 'instances[0].policy.provisioningModel';
    const current = first.policy?.provisioningModel;
    const isSet = current !== undefined && current !== 'PROVISIONING_MODEL_UNSPECIFIED';
    const provisioningModel = replace(
      problems,
      'provisioningModels',
      model,
      field,
      isSet ? current : undefined,
    );
    if (first.instanceTemplate === undefined) {
      first = { ...first, policy: { ...first.policy, provisioningModel } };
    }
  }
  if (first.policy !== undefined) first = moveInInstance(problems, first, first.policy);
  if (!isEmpty(first)) moved.instances = [first, ...(rest.instances ?? []).slice(1)];
  return moved;
}

function moveInInstance(
  problems: Problems,
  instance: InstancePolicyOrTemplate,
  policy: InstancePolicy,
): InstancePolicyOrTemplate {
  const { allowedMachineTypes, ...rest } = policy;
  const moved: InstancePolicy = rest;
  let installGpuDrivers = instance.installGpuDrivers;
  problems.at('instances', () =>
    problems.at(0, () =>
      problems.at('policy', () => {
        const type = only(problems, 'allowedMachineTypes', allowedMachineTypes);
        if (type === undefined) return;
        const current = rest.machineType || undefined;
        moved.machineType = replace(problems, 'allowedMachineTypes', type, 'machineType', current);
      }),
    ),
  );
  if (rest.accelerators !== undefined) {
    moved.accelerators = rest.accelerators.map(({ installGpuDrivers: install, ...accelerator }) => {
      if (install === true) installGpuDrivers = true;
      return accelerator;
    });
  }
  return {
    ...instance,
    policy: moved,
    ...(installGpuDrivers === undefined ? {} : { installGpuDrivers }),
  };
}

/** The value for a field that replaces a deprecated one; when both are given they must agree. */
function replace<T>(problems: Problems, old: string, value: T, field: string, current: T | undefined): T {
  if (current === undefined || isDeepStrictEqual(value, current)) return value;
  problems.at(old, () =>
    problems.add(
      `must be absent or the same as ${field}, which replaces it; given ${shortJson(value)} and ${shortJson(current)}`,
    ),
  );
  return current;
}

/** The one item of a list whose replacement holds a single value. */
function only<T>(problems: Problems, field: string, items: readonly T[] | undefined): T | undefined {
  if (items !== undefined && items.length > 1) {
    problems.at(field, () => problems.add(`must be at most 1 item; given ${items.length}`));
  }
  return items?.[0];
}

function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0;
}
