import { createHash } from 'node:crypto';
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { NodeShape } from '../core/fargate/fargate-plan.ts';
import { storageGib } from '../core/fargate/fargate-size.ts';

/** The container that runs the agent: the essential one, and the one that a launch gives its claim to. */
export const AGENT_CONTAINER = 'agent';

/** One container of a node. All of a node share its network and its volumes, and nothing else. */
export interface NodeContainer {
  readonly name: string;
  /** By digest where it was looked up: a tag that moves is not seen by what is addressed by content. */
  readonly image: string;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** ARN of the secret with the registry's `username` and `password`. */
  readonly repositoryCredentials?: string;
  /** Where volumes of the node appear, by their names. */
  readonly mounts?: Readonly<Record<string, { readonly path: string; readonly readOnly?: boolean }>>;
  /** Containers that must have got so far before this one starts. */
  readonly dependsOn?: Readonly<Record<string, 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY'>>;
  /** Further fields of ECS, as they are: a health check, a user, ulimits. */
  readonly more?: Partial<ContainerDefinition>;
}

/** All that a node is made of. */
export interface NodeMakeup {
  readonly shape: Pick<NodeShape, 'size' | 'architecture' | 'storageGib'>;
  /** The agent's container; its name is given to it. */
  readonly agent: Omit<NodeContainer, 'name'>;
  /** Containers beside it, none of them essential: the node ends when its agent does, and never before. */
  readonly siblings?: readonly NodeContainer[];
  /** Names of folders that containers share and that go with the node. */
  readonly volumes?: readonly string[];
  /** What its programs may do on AWS. */
  readonly taskRole: string;
  /** What ECS may do to start it: pull images, write the log. */
  readonly executionRole: string;
  readonly log: { readonly group: string; readonly region: string };
  /** Begins the family's name; rights to run tasks are given by it. */
  readonly familyPrefix: string;
}

/** SIGTERM, and so long after it SIGKILL: the most that Fargate has, and the notice that Spot gives. */
const STOP_SECONDS = 120;
/** Output that waits for the log service before lines are dropped. */
const LOG_BUFFER = '8m';

/**
 * The task definition of a node. Its family is named after a hash of all that is in it, so that equal nodes share one
 * and another node never changes it.
 *
 * To put containers beside the agent's, give them as `siblings`, with the `volumes` that they share: each says what it
 * mounts, what it waits for (`dependsOn: { agent: 'HEALTHY' }` with a health check in `more` of the agent, say), its own
 * entry point and the credentials of its registry. Everything given is part of the content; what differs from launch to
 * launch (the claim) comes as an override of the agent's container.
 */
export function taskDefinitionOf(node: NodeMakeup): RegisterTaskDefinitionCommandInput & { family: string } {
  const { shape, agent, siblings = [], volumes = [], taskRole, executionRole, familyPrefix } = node;
  const content = {
    taskRoleArn: taskRole,
    executionRoleArn: executionRole,
    networkMode: 'awsvpc' as const,
    requiresCompatibilities: ['FARGATE' as const],
    cpu: String(shape.size.vcpu * 1024),
    memory: String(shape.size.memoryMib),
    runtimePlatform: { cpuArchitecture: shape.architecture, operatingSystemFamily: 'LINUX' as const },
    // 20 GiB come without being asked for, and ECS refuses the wish.
    ...(shape.storageGib > storageGib.least ? { ephemeralStorage: { sizeInGiB: shape.storageGib } } : {}),
    containerDefinitions: [
      containerOf({ ...agent, name: AGENT_CONTAINER }, node, true),
      ...siblings.map((sibling) => containerOf(sibling, node, false)),
    ],
    ...(volumes.length > 0 ? { volumes: volumes.map((name) => ({ name })) } : {}),
  };
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24);
  return { family: `${familyPrefix}-${hash}`, ...content };
}

function containerOf(container: NodeContainer, { log }: NodeMakeup, essential: boolean): ContainerDefinition {
  const { name, image, entryPoint, command, environment = {}, repositoryCredentials, more } = container;
  const mounts = Object.entries(container.mounts ?? {});
  const dependsOn = Object.entries(container.dependsOn ?? {});
  return {
    name,
    image,
    essential,
    ...(entryPoint === undefined ? {} : { entryPoint: [...entryPoint] }),
    ...(command === undefined ? {} : { command: [...command] }),
    environment: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
    ...(repositoryCredentials === undefined
      ? {}
      : { repositoryCredentials: { credentialsParameter: repositoryCredentials } }),
    ...(mounts.length > 0
      ? {
          mountPoints: mounts.map(([sourceVolume, { path, readOnly = false }]) => ({
            sourceVolume,
            containerPath: path,
            readOnly,
          })),
        }
      : {}),
    ...(dependsOn.length > 0
      ? { dependsOn: dependsOn.map(([containerName, condition]) => ({ containerName, condition })) }
      : {}),
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': log.group,
        'awslogs-region': log.region,
        'awslogs-stream-prefix': 'node',
        // A log service that is slow must not hold up programs.
        mode: 'non-blocking',
        'max-buffer-size': LOG_BUFFER,
      },
    },
    stopTimeout: STOP_SECONDS,
    ...more,
  };
}
