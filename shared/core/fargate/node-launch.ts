import type { AllocationPolicy } from '../../contract/allocation-policy.ts';
import type { JobHead } from '../job/job-record.ts';

/** What starts nodes on Fargate; each has a launch rate of its own. */
export type CapacityProvider = 'FARGATE' | 'FARGATE_SPOT';

/** How the nodes of a group are started on Fargate, as its plan says. */
export interface NodeLaunch {
  /** The ARN, with its revision. */
  readonly taskDefinition: string;
  readonly capacityProvider: CapacityProvider;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly publicIp: boolean;
  /** What costs are told apart by. */
  readonly tags: Readonly<Record<string, string>>;
  readonly machineType: string;
}

/** STANDARD is FARGATE; SPOT and PREEMPTIBLE are FARGATE_SPOT, which Fargate never swaps for the other. */
export function capacityProviderOf({ instances }: AllocationPolicy): CapacityProvider {
  const model = instances?.[0]?.policy?.provisioningModel;
  return model === 'SPOT' || model === 'PREEMPTIBLE' ? 'FARGATE_SPOT' : 'FARGATE';
}

/** Tags that a task on ECS can have. */
export const TAGS_AT_MOST = 50;

/** The tags of a job's nodes: what Google puts on its machines, then the allocation policy's labels, then the job's. */
export function nodeTags({
  spec,
  uid,
  jobId,
}: Pick<JobHead, 'spec' | 'uid' | 'jobId'>): Record<string, string> {
  const own = { 'batch-job-id': jobId, 'batch-job-uid': uid };
  const labels = { ...spec.labels, ...spec.allocationPolicy?.labels };
  const wished = [
    ...Object.keys(spec.allocationPolicy?.labels ?? {}),
    ...Object.keys(spec.labels ?? {}),
  ].filter((name, at, all) => all.indexOf(name) === at);
  const kept = wished.slice(0, TAGS_AT_MOST - Object.keys(own).length);
  return { ...Object.fromEntries(kept.map((name) => [name, labels[name] ?? ''])), ...own };
}

/** How many labels find no room among the tags. */
export function labelsWithoutTag(spec: Pick<JobHead, 'spec'>['spec']): number {
  const names = new Set([
    ...Object.keys(spec.labels ?? {}),
    ...Object.keys(spec.allocationPolicy?.labels ?? {}),
  ]);
  return Math.max(0, names.size - (TAGS_AT_MOST - 2));
}

/**
 * The image that a job names for its scripts: `bootDisk.image`, when it is a container image. The images of Google's
 * virtual machines (`batch-debian`, `projects/…/images/…`) name none: the deployment's own is meant.
 */
export function scriptImageOf(policy: AllocationPolicy): string | undefined {
  const image = policy.instances?.[0]?.policy?.bootDisk?.image;
  return image && !isMachineImage(image) ? image : undefined;
}

export function isMachineImage(image: string): boolean {
  return /^(batch-[a-z0-9-]+$|projects\/|global\/images\/|https?:\/\/)/.test(image);
}

/** The account that a group's tasks run as, by its e-mail; undefined for none of its own. */
export function serviceAccountOf(email: string | undefined): string | undefined {
  return email === undefined || email === '' || email === 'default' ? undefined : email;
}
