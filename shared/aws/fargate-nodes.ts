import { runtimeNode } from '../core/container/sibling-image.ts';
import { SIBLING_PLACES } from '../core/container/sibling-places.ts';
import { isClosed } from '../core/fargate/closed-network.ts';
import type { NodeShape } from '../core/fargate/fargate-plan.ts';
import {
  capacityProviderOf,
  type NodeLaunch,
  nodeTags,
  serviceAccountOf,
} from '../core/fargate/node-launch.ts';
import { closedRegion, type NodeRegion, nodePlaces } from '../core/fargate/node-places.ts';
import { onProcessor, type ProcessorChoice, platformNames } from '../core/fargate/node-processor.ts';
import type { JobRecord } from '../core/job/job-record.ts';
import { RUNTIME, type RuntimeSource, runtimeContainer, type SiblingMakeup } from './sibling-containers.ts';
import { type NodeMakeup, taskDefinitionOf } from './task-definition.ts';
import type { TaskDefinitions } from './task-definitions.ts';

/** What all nodes of a deployment have in common. */
export interface NodeDeployment
  extends Pick<NodeMakeup, 'taskRole' | 'executionRole' | 'log' | 'familyPrefix'> {
  /** An image with Node.js 24 and a shell, for jobs that name none. */
  readonly image: string;
  /** Where nodes reach the service. */
  readonly endpoint: string;
  /** What makes Node.js run in an image that has none. */
  readonly runtime: RuntimeSource;
  /** The program that fetches a node's agent and starts it, as text. */
  readonly bootstrap: string;
  readonly region: NodeRegion;
  /** The roles that service accounts stand for, by e-mail. */
  readonly serviceAccounts: Readonly<Record<string, string>>;
}

/**
 * Says how the nodes of a job's groups are started; what they are made of is registered with ECS where it is new. Throws
 * when a job asks for what this deployment does not have any more.
 */
export function fargateNodes(
  deployment: NodeDeployment,
  definitions: Pick<TaskDefinitions, 'ensure'>,
  siblingsOf: (
    job: JobRecord,
    order: number,
    shape: NodeShape,
    runtime: RuntimeSource,
  ) => Promise<SiblingMakeup | undefined>,
  scriptImageOf: (job: JobRecord) => Promise<string | undefined>,
  processorOf: (job: JobRecord, order: number, nodeImage: string) => Promise<ProcessorChoice>,
) {
  return async (job: JobRecord, order: number, planned: NodeShape): Promise<PreparedNodes> => {
    const policy = job.spec.allocationPolicy ?? {};
    const closed = isClosed(job.spec.taskGroups?.[order]);
    const own = closed ? closedDeployment(deployment) : deployment;
    const { places, refusals } = nodePlaces(policy, job.location, own.region);
    const [refused] = refusals;
    if (refused !== undefined) throw new Error(`${refused[0]}: ${refused[1]}`);
    const processor = await processorOf(job, order, own.image);
    const shape = onProcessor(planned, processor.architecture);
    const siblings = await siblingsOf(job, order, shape, own.runtime);
    // Scripts have no part in a closed group, and their image may be anywhere.
    const image = closed ? undefined : await scriptImageOf(job);
    const makeup = makeupOf(own, job, order, { shape, siblings, image });
    const definition = taskDefinitionOf(makeup);
    const launch = {
      taskDefinition: await definitions.ensure(definition),
      capacityProvider: capacityProviderOf(policy),
      ...places,
      tags: nodeTags(job),
      machineType: shape.machineType,
    };
    const { why } = processor;
    return why === undefined ? { launch } : { launch, note: processorNote(shape, planned, why) };
  };
}

/** The deployment as nodes without a way out have it. */
function closedDeployment(deployment: NodeDeployment): NodeDeployment {
  const { region, runtime } = deployment;
  if (region.closed === undefined)
    throw new Error('blockExternalNetwork: this deployment has no closed network any more');
  const { image, endpoint } = region.closed;
  return {
    ...deployment,
    image,
    endpoint,
    runtime: { ...runtime, image },
    region: closedRegion(region, region.closed),
  };
}

/** What a reader would wonder about, as said of "nodes". */
function processorNote({ architecture }: NodeShape, usual: NodeShape, why: string): string {
  return `have ${platformNames[architecture]} rather than ${platformNames[usual.architecture]}, which is usual here: ${why}`;
}

/** How the nodes of a group are started. */
export interface PreparedNodes {
  readonly launch: NodeLaunch;
  /** What a reader of the job's history would wonder about: what nodes are or have, as the rest of a sentence. */
  readonly note?: string;
}

/** What was found out about the nodes of a group. */
interface NodeParts {
  readonly shape: NodeShape;
  readonly siblings?: SiblingMakeup | undefined;
  /** The image that scripts run in; the deployment's own without it. */
  readonly image?: string | undefined;
}

/** What each node of a group is made of. */
function makeupOf(
  deployment: NodeDeployment,
  job: Pick<JobRecord, 'spec'>,
  order: number,
  { shape, siblings, image }: NodeParts,
): NodeMakeup {
  const { taskRole, executionRole, log, familyPrefix } = deployment;
  const policy = job.spec.allocationPolicy ?? {};
  const account = serviceAccountOf(
    job.spec.taskGroups?.[order]?.serviceAccount?.email || policy.serviceAccount?.email,
  );
  const role = account === undefined ? taskRole : deployment.serviceAccounts[account];
  if (role === undefined) throw new Error(`the service account ${account} has no role here any more`);
  return {
    shape,
    agent: agentOf(deployment, image, siblings),
    ...besideAgent(deployment, image, siblings),
    taskRole: role,
    executionRole,
    log,
    familyPrefix,
  };
}

/** Variables of an image that would change how Node.js starts; the agent hands none of them to scripts. */
const UNDISTURBED = { NODE_OPTIONS: '', LD_PRELOAD: '', LD_LIBRARY_PATH: '' };

/**
 * The agent's container. In an image of the job's it is started by the runtime that a container before it has copied: the
 * image needs a shell for scripts, and nothing of Node.js.
 */
function agentOf(
  { image: ownImage, endpoint, bootstrap }: NodeDeployment,
  image: string | undefined,
  siblings: SiblingMakeup | undefined,
): NodeMakeup['agent'] {
  const command = ['--input-type=module', '-e', bootstrap];
  const environment = { SLUICE_ENDPOINT: endpoint, ...siblings?.agent.environment };
  const mounts = siblings?.agent.mounts ?? {};
  if (image === undefined) return { image: ownImage, command: ['node', ...command], environment, mounts };
  return {
    image,
    entryPoint: runtimeNode(),
    command,
    environment: { ...environment, ...UNDISTURBED, SLUICE_NODE: JSON.stringify(runtimeNode()) },
    mounts: { ...mounts, [RUNTIME]: { path: SIBLING_PLACES.runtime, readOnly: true } },
    dependsOn: { [RUNTIME]: 'SUCCESS' },
    // Whoever the image's user is: the agent looks after its folders and the log.
    more: { user: '0' },
  };
}

function besideAgent(
  { runtime }: NodeDeployment,
  image: string | undefined,
  siblings: SiblingMakeup | undefined,
): Pick<NodeMakeup, 'siblings' | 'volumes'> {
  if (siblings !== undefined) return { siblings: siblings.containers, volumes: siblings.volumes };
  return image === undefined ? {} : { siblings: [runtimeContainer(runtime)], volumes: [RUNTIME] };
}
