import type { InstancePolicy } from '../contract/instance-policy.ts';
import type { Job } from '../contract/job.ts';
import { isClosed, type RegistryMirrors } from '../core/fargate/closed-network.ts';
import type { FargateCapacity } from '../core/fargate/fargate-plan.ts';
import { fargateRefusals } from '../core/fargate/fargate-refusals.ts';
import {
  isMachineImage,
  labelsWithoutTag,
  scriptImageOf,
  serviceAccountOf,
  TAGS_AT_MOST,
} from '../core/fargate/node-launch.ts';
import { closedRegion, type NodeRegion, nodePlaces } from '../core/fargate/node-places.ts';
import { architectureOfPlatform, askedProcessor, platformNames } from '../core/fargate/node-processor.ts';
import type { JobHead } from '../core/job/job-record.ts';
import { given, type Refusal } from '../core/job-refusals.ts';
import { groupWishes, nodeWish } from '../core/plan.ts';

/** What a deployment can give to the nodes of a job. */
export interface NodeOffer {
  readonly capacity: FargateCapacity;
  readonly region: NodeRegion;
  /** Where copies of registries are, by the registry. */
  readonly registryMirrors: RegistryMirrors;
  /** E-mails of the service accounts that jobs may name. */
  readonly serviceAccounts: readonly string[];
}

/** What of a job, beside its spec, its nodes depend on. */
export type AskedJob = Pick<JobHead, 'location' | 'cpuGiven' | 'memoryGiven' | 'mountsFolders'>;

const INSTANCE = 'allocationPolicy.instances[0]';
const DISK = `${INSTANCE}.policy.bootDisk`;

/** What of a job's allocation policy, and of what its tasks need, nodes on Fargate cannot honour. */
export function* nodeRefusals(job: Job, asked: AskedJob, offer: NodeOffer): Generator<Refusal> {
  const policy = job.allocationPolicy ?? {};
  const instance = policy.instances?.[0];
  if (instance?.instanceTemplate) yield [`${INSTANCE}.instanceTemplate`, 'Fargate has no instance templates'];
  if (instance?.installGpuDrivers) yield [`${INSTANCE}.installGpuDrivers`, 'Fargate has no GPUs'];
  const { provisioningModel: model, accelerators = [], disks = [], bootDisk } = instance?.policy ?? {};
  if (accelerators.length > 0) yield [`${INSTANCE}.policy.accelerators`, 'Fargate has no GPUs'];
  if (disks.length > 0)
    yield [`${INSTANCE}.policy.disks`, 'Fargate has no disks to attach; a node has its bootDisk'];
  if (bootDisk?.snapshot) yield [`${DISK}.snapshot`, 'Fargate has no snapshots of disks'];
  if (model === 'RESERVATION_BOUND' || model === 'FLEX_START') {
    const models = 'STANDARD, SPOT and PREEMPTIBLE';
    yield [`${INSTANCE}.policy.provisioningModel`, `Fargate has ${models}; given ${model}`];
  }
  yield* processorRefusal(instance?.policy ?? {});
  yield* placeRefusals(job, asked, offer);
  yield* accountRefusal(policy.serviceAccount?.email, 'allocationPolicy.serviceAccount.email', offer);
  for (const [order, wish] of groupWishes({ ...asked, spec: job }).entries()) {
    const path = `taskGroups[${order}]`;
    const { gpuCount } = wish.group.taskSpec?.computeResource ?? {};
    if (Number(gpuCount ?? 0) > 0) yield [`${path}.taskSpec.computeResource.gpuCount`, 'Fargate has no GPUs'];
    yield* accountRefusal(wish.group.serviceAccount?.email, `${path}.serviceAccount.email`, offer);
    yield* fargateRefusals(nodeWish(wish), path, offer.capacity);
  }
}

/** Of the networks that the job's groups need, the first that does not have what the policy asks for. */
function placeRefusals(job: Job, { location }: AskedJob, { region }: NodeOffer): readonly Refusal[] {
  const groups = job.taskGroups ?? [];
  const { closed } = region;
  const networks = [
    ...(groups.every(isClosed) ? [] : [region]),
    ...(closed !== undefined && groups.some(isClosed) ? [closedRegion(region, closed)] : []),
  ];
  const found = networks.map((network) => nodePlaces(job.allocationPolicy ?? {}, location, network).refusals);
  return found.find((refusals) => refusals.length > 0) ?? [];
}

/** A machine type has one processor, and the least that is wanted cannot be of another. */
function* processorRefusal(policy: InstancePolicy): Generator<Refusal> {
  const { minCpuPlatform = '' } = policy;
  const [asked, wanted] = [askedProcessor(policy), architectureOfPlatform(minCpuPlatform)];
  if (asked === undefined || wanted === undefined || asked.architecture === wanted) return;
  const has = `${asked.by} has ${platformNames[asked.architecture]}`;
  yield [`${INSTANCE}.policy.minCpuPlatform`, `${has}; given "${minCpuPlatform}"`];
}

function* accountRefusal(
  email: string | undefined,
  field: string,
  { serviceAccounts }: NodeOffer,
): Generator<Refusal> {
  const account = serviceAccountOf(email);
  if (account === undefined || serviceAccounts.includes(account)) return;
  const allowed = serviceAccounts.join(', ') || 'none, until the setting serviceAccounts names their roles';
  yield [field, `service accounts of this deployment are: ${allowed}; given "${account}"`];
}

/** Fields about nodes that are accepted and change nothing on Fargate. */
export function* mootNodeFields({ allocationPolicy = {} }: Job): Generator<string> {
  const instance = allocationPolicy.instances?.[0] ?? {};
  const { minCpuPlatform, reservation, bootDisk = {} } = instance.policy ?? {};
  if (minCpuPlatform && architectureOfPlatform(minCpuPlatform) === undefined)
    yield `${INSTANCE}.policy.minCpuPlatform`;
  if (reservation) yield `${INSTANCE}.policy.reservation`;
  if (bootDisk.image && isMachineImage(bootDisk.image)) yield `${DISK}.image`;
  if (bootDisk.type) yield `${DISK}.type`;
  if (bootDisk.diskInterface) yield `${DISK}.diskInterface`;
  if (instance.installOpsAgent) yield `${INSTANCE}.installOpsAgent`;
  if (instance.blockProjectSshKeys) yield `${INSTANCE}.blockProjectSshKeys`;
  if ((allocationPolicy.serviceAccount?.scopes ?? []).length > 0)
    yield 'allocationPolicy.serviceAccount.scopes';
  if (allocationPolicy.network?.networkInterfaces?.[0]?.nicType)
    yield 'allocationPolicy.network.networkInterfaces[0].nicType';
  if ((allocationPolicy.tags ?? []).length > 0) yield 'allocationPolicy.tags';
  for (const field of ['placement', 'instanceFlexibilityPolicy'] as const) {
    if (given(allocationPolicy[field])) yield `allocationPolicy.${field}`;
  }
}

/** What of the least processor that is wanted has an effect, and what has none, as a sentence. */
export function processorNotes({ allocationPolicy }: Job): string[] {
  const { minCpuPlatform = '' } = allocationPolicy?.instances?.[0]?.policy ?? {};
  const architecture = architectureOfPlatform(minCpuPlatform);
  if (architecture === undefined) return [];
  return [
    `Nodes are ${platformNames[architecture]}, as "${minCpuPlatform}" is; of which generation, Fargate lets nobody choose.`,
  ];
}

/** What of a job is of no use to nodes without a way out, as sentences. */
export function closedNotes({ taskGroups = [], allocationPolicy = {} }: Job): string[] {
  const closed = taskGroups.flatMap((group, order) => (isClosed(group) ? [{ group, order }] : []));
  const those = (orders: readonly number[]) => orders.map((order) => `taskGroups[${order}]`).join(', ');
  const all = closed.map(({ order }) => order);
  const accounts = closed.filter(({ group }) =>
    serviceAccountOf(group.serviceAccount?.email || allocationPolicy.serviceAccount?.email),
  );
  const image = all.length > 0 ? scriptImageOf(allocationPolicy) : undefined;
  return [
    ...(image === undefined
      ? []
      : [`Closed nodes have the deployment's image: ${DISK}.image has no effect on ${those(all)}.`]),
    ...(accounts.length === 0
      ? []
      : [
          `A closed network leads to no service that a service account could call: it is of no use to ${those(accounts.map(({ order }) => order))}.`,
        ]),
  ];
}

/** What of a job's labels has no effect on its costs, as a sentence. */
export function labelNotes(job: Job): string[] {
  const left = labelsWithoutTag(job);
  if (left === 0) return [];
  return [`A task on ECS has ${TAGS_AT_MOST} tags: ${left} of the labels are not among those of the nodes.`];
}
