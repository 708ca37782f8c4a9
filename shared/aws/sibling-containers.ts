import { siblingImageOf, wrapperCommand } from '../core/container/sibling-image.ts';
import { IMAGE_VARIABLE, SIBLING_PLACES, SIBLINGS_VARIABLE } from '../core/container/sibling-places.ts';
import type { SiblingPlan, SiblingWish } from '../core/fargate/sibling-plan.ts';
import type { ImageConfig } from '../core/image/image-config.ts';
import type { NodeContainer, NodeMakeup } from './task-definition.ts';

/** What siblings bring to a node. */
export interface SiblingMakeup {
  readonly containers: readonly NodeContainer[];
  readonly volumes: readonly string[];
  /** Of the agent's container. */
  readonly agent: Required<Pick<NodeMakeup['agent'], 'environment' | 'mounts'>>;
}

/** Where the runtime of siblings comes from. */
export interface RuntimeSource {
  /** The image of the agent's container, so that it is pulled once. */
  readonly image: string;
  /** The program that copies the runtime, and the wrapper, both as text. */
  readonly copyRuntime: string;
  readonly wrapper: string;
}

/** A sibling with its image as the registry has it, and the secret by which ECS pulls it. */
export interface ResolvedSibling
  extends Omit<SiblingWish, 'login'>,
    Pick<NodeContainer, 'repositoryCredentials'> {
  readonly image: { readonly pinned: string; readonly config: ImageConfig };
}

/** The volume that holds the runtime, and the container that fills it. */
export const RUNTIME = 'runtime';

/**
 * The containers of a node beside its agent's: first one that copies the runtime and ends, and when it has ended well the
 * siblings, whose entry point is the wrapper in that runtime. Siblings of one image that are started alike are one.
 */
export function siblingContainers(
  siblings: readonly ResolvedSibling[],
  { volumes }: Pick<SiblingPlan, 'volumes'>,
  runtime: RuntimeSource,
): SiblingMakeup {
  const channels: Record<string, string> = {};
  const containers = new Map<string, NodeContainer>();
  const agentMounts: Record<string, { path: string }> = {};
  const nameOf = (source: string) => `volume-${volumes.indexOf(source)}`;
  for (const sibling of siblings) {
    const { image, readOnly, mounts, repositoryCredentials } = sibling;
    const likeness = JSON.stringify([image.pinned, readOnly, mounts, repositoryCredentials]);
    const container = containers.get(likeness) ?? siblingOf(sibling, `image-${containers.size}`, nameOf);
    containers.set(likeness, container);
    const channel = channelOf(container.name);
    agentMounts[channel] = { path: `${SIBLING_PLACES.channels}/${container.name}` };
    channels[sibling.key] = `${SIBLING_PLACES.channels}/${container.name}`;
  }
  for (const source of volumes) agentMounts[nameOf(source)] = { path: source };
  return {
    containers: [runtimeContainer(runtime), ...containers.values()],
    volumes: [RUNTIME, ...Object.keys(agentMounts)],
    agent: {
      environment: { [SIBLINGS_VARIABLE]: JSON.stringify({ channels, volumes }) },
      mounts: agentMounts,
    },
  };
}

/** Copies the runtime from the image of the agent, and ends. */
export function runtimeContainer({ image, copyRuntime, wrapper }: RuntimeSource): NodeContainer {
  return {
    name: RUNTIME,
    image,
    command: ['node', '--input-type=module', '-e', copyRuntime, wrapper],
    mounts: { [RUNTIME]: { path: SIBLING_PLACES.runtime } },
    more: { user: '0' },
  };
}

/**
 * The wrapper is root in its container, whoever the image's user is: it becomes that user for each run, and no program of
 * another user can touch it. A small init reaps what programs leave.
 */
function siblingOf(
  sibling: ResolvedSibling,
  name: string,
  nameOf: (source: string) => string,
): NodeContainer {
  const { image, readOnly, mounts, repositoryCredentials } = sibling;
  const { variable, taken } = siblingImageOf(image.config);
  return {
    name,
    image: image.pinned,
    ...(repositoryCredentials === undefined ? {} : { repositoryCredentials }),
    entryPoint: wrapperCommand(),
    command: [],
    environment: { ...Object.fromEntries(taken.map((each) => [each, ''])), [IMAGE_VARIABLE]: variable },
    mounts: {
      [RUNTIME]: { path: SIBLING_PLACES.runtime, readOnly: true },
      [channelOf(name)]: { path: SIBLING_PLACES.channel, readOnly: true },
      ...Object.fromEntries(
        mounts.map(({ source, target, readOnly: isFixed }) => [
          nameOf(source),
          { path: target, readOnly: isFixed },
        ]),
      ),
    },
    dependsOn: { [RUNTIME]: 'SUCCESS' },
    more: {
      user: '0',
      ...(readOnly ? { readonlyRootFilesystem: true } : {}),
      linuxParameters: { initProcessEnabled: true },
    },
  };
}

function channelOf(container: string): string {
  return `channel-${container}`;
}
