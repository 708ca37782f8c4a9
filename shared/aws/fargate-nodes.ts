import type { NodeShape } from '../core/fargate/fargate-plan.ts';
import {
  capacityProviderOf,
  type NodeLaunch,
  nodeImage,
  nodeTags,
  serviceAccountOf,
} from '../core/fargate/node-launch.ts';
import { type NodeRegion, nodePlaces } from '../core/fargate/node-places.ts';
import type { JobRecord } from '../core/job/job-record.ts';
import type { SiblingMakeup } from './sibling-containers.ts';
import { type NodeMakeup, taskDefinitionOf } from './task-definition.ts';
import type { TaskDefinitions } from './task-definitions.ts';

/** What all nodes of a deployment have in common. */
export interface NodeDeployment
  extends Pick<NodeMakeup, 'taskRole' | 'executionRole' | 'log' | 'familyPrefix'> {
  /** An image with Node.js 24 and a shell, for jobs that name none. */
  readonly image: string;
  /** Where nodes reach the service. */
  readonly endpoint: string;
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
  siblingsOf: (job: JobRecord, order: number, shape: NodeShape) => Promise<SiblingMakeup | undefined>,
) {
  return async (job: JobRecord, order: number, shape: NodeShape): Promise<NodeLaunch> => {
    const policy = job.spec.allocationPolicy ?? {};
    const { places, refusals } = nodePlaces(policy, job.location, deployment.region);
    const [refused] = refusals;
    if (refused !== undefined) throw new Error(`${refused[0]}: ${refused[1]}`);
    const siblings = await siblingsOf(job, order, shape);
    const definition = taskDefinitionOf(makeupOf(deployment, job, order, shape, siblings));
    return {
      taskDefinition: await definitions.ensure(definition),
      capacityProvider: capacityProviderOf(policy),
      ...places,
      tags: nodeTags(job),
      machineType: shape.machineType,
    };
  };
}

/** What each node of a group is made of. */
export function makeupOf(
  deployment: NodeDeployment,
  job: Pick<JobRecord, 'spec'>,
  order: number,
  shape: NodeShape,
  siblings?: SiblingMakeup,
): NodeMakeup {
  const { taskRole, executionRole, log, familyPrefix, endpoint, bootstrap } = deployment;
  const policy = job.spec.allocationPolicy ?? {};
  const account = serviceAccountOf(
    job.spec.taskGroups?.[order]?.serviceAccount?.email || policy.serviceAccount?.email,
  );
  const role = account === undefined ? taskRole : deployment.serviceAccounts[account];
  if (role === undefined) throw new Error(`the service account ${account} has no role here any more`);
  return {
    shape,
    agent: {
      image: nodeImage(policy, deployment.image),
      command: ['node', '--input-type=module', '-e', bootstrap],
      environment: { SLUICE_ENDPOINT: endpoint, ...siblings?.agent.environment },
      ...(siblings === undefined ? {} : { mounts: siblings.agent.mounts }),
    },
    ...(siblings === undefined ? {} : { siblings: siblings.containers, volumes: siblings.volumes }),
    taskRole: role,
    executionRole,
    log,
    familyPrefix,
  };
}
