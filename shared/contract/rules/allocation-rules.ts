import type { AllocationPolicy } from '../allocation-policy.ts';
import type { Disk } from '../disk.ts';
import type { InstanceFlexibilityPolicy, InstancePolicy } from '../instance-policy.ts';
import { limits } from '../limits.ts';
import type { Problems } from '../proto/problems.ts';
import { shortJson } from '../proto/problems.ts';
import { checkLabelCount, checkLabels, countLabels } from './label-rules.ts';
import { checkLocationPolicy } from './location-rules.ts';
import { checkNotNegative } from './range.ts';

/** RFC 1035 label: network tags and names of instance selections. */
const RFC1035 = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const RFC1035_IN_WORDS = 'a lowercase letter, then up to 62 of a-z, 0-9 and "-", not ending with "-"';

/** Checks an allocation policy that stands here, after its deprecated fields were moved. */
export function checkAllocationPolicy(problems: Problems, policy: AllocationPolicy | undefined): void {
  if (policy === undefined) return;
  const { instances = [] } = policy;
  if (instances.length > limits.instances) {
    problems.at('instances', () =>
      problems.add(`must be at most ${limits.instances} item; given ${instances.length}`),
    );
  }
  problems.each('instances', instances, (instance) => {
    problems.at('policy', () => checkInstancePolicy(problems, instance.policy));
  });
  problems.at('location', () => checkLocationPolicy(problems, policy.location));
  problems.each('tags', policy.tags, (tag) => {
    if (!RFC1035.test(tag)) problems.refuse(tag, RFC1035_IN_WORDS);
  });
  checkLabels(problems, policy.labels);
  checkLabelCount(problems, countLabels(policy.labels), limits.nodeLabels, 'labels of a node');
  problems.at('instanceFlexibilityPolicy', () => {
    checkFlexibility(problems, policy.instanceFlexibilityPolicy);
  });
}

function checkInstancePolicy(problems: Problems, policy: InstancePolicy | undefined): void {
  if (policy === undefined) return;
  checkDisk(problems, 'bootDisk', policy.bootDisk);
  problems.each('disks', policy.disks, ({ newDisk }) => checkDisk(problems, 'newDisk', newDisk));
  problems.each('accelerators', policy.accelerators, ({ count }) => {
    checkNotNegative(problems, 'count', count);
  });
}

function checkDisk(problems: Problems, field: string, disk: Disk | undefined): void {
  problems.at(field, () => checkNotNegative(problems, 'sizeGb', disk?.sizeGb));
}

function checkFlexibility(problems: Problems, policy: InstanceFlexibilityPolicy | undefined): void {
  if (policy === undefined) return;
  const selections = policy.instanceSelections ?? {};
  const names = Object.keys(selections);
  if (names.length < 1 || names.length > limits.instanceSelections) {
    problems.at('instanceSelections', () =>
      problems.add(`must be from 1 to ${limits.instanceSelections} selections; given ${names.length}`),
    );
  }
  let machineTypes = 0;
  problems.eachEntry('instanceSelections', selections, (name, selection) => {
    if (!RFC1035.test(name)) {
      problems.add(`name must be ${RFC1035_IN_WORDS}; given ${shortJson(name)}`);
    }
    const count = (selection.machineTypes ?? []).length;
    if (count === 0) {
      problems.at('machineTypes', () => problems.add('must have at least one machine type; given none'));
    }
    machineTypes += count;
  });
  if (machineTypes > limits.flexibleMachineTypes) {
    problems.add(`must name at most ${limits.flexibleMachineTypes} machine types; given ${machineTypes}`);
  }
}
