import type { TaskGroup } from '../../contract/task-group.ts';
import type { ContainerMount } from '../container/container-mounts.ts';
import { imageOf, readContainer } from '../container/container-request.ts';
import { loginOf, type RegistryLogin } from '../container/registry-login.ts';
import { siblingKey } from '../container/sibling-key.ts';

/**
 * A task on ECS holds ten containers
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html). Two are taken: the agent's, and the one
 * that copies the runtime of the others.
 */
export const SIBLINGS_AT_MOST = 8;

/** A container that a group's nodes need beside the agent's. */
export interface SiblingWish {
  readonly key: string;
  readonly imageUri: string;
  readonly readOnly: boolean;
  readonly mounts: readonly ContainerMount[];
  /** Who pulls the image, where its job says it. */
  readonly login?: RegistryLogin;
}

export interface SiblingPlan {
  readonly siblings: readonly SiblingWish[];
  /** Paths of the node that containers mount, each a folder of its own. */
  readonly volumes: readonly string[];
}

/**
 * Who pulls the images of a group: a node pulls an image once, whichever of its containers ask for it, as an engine does that
 * has it by then. So the first login that is given for one is meant for it everywhere.
 */
export function imageLogins(group: TaskGroup): ReadonlyMap<string, RegistryLogin> {
  const logins = new Map<string, RegistryLogin>();
  for (const { container = {} } of group.taskSpec?.runnables ?? []) {
    const login = loginOf(container);
    const image = imageOf(container);
    if (login !== undefined && !logins.has(image)) logins.set(image, login);
  }
  return logins;
}

/** The containers of a group's nodes: one for each image and each way that it is started once. */
export function planSiblings(group: TaskGroup): SiblingPlan {
  const { runnables = [], volumes = [] } = group.taskSpec ?? {};
  const logins = imageLogins(group);
  const siblings = new Map<string, SiblingWish>();
  for (const { container } of runnables) {
    if (container === undefined) continue;
    const { request } = readContainer(container, volumes);
    const key = siblingKey(request);
    const { imageUri, mounts, options } = request;
    const login = logins.get(imageUri);
    const pulled = login === undefined ? {} : { login };
    if (!siblings.has(key))
      siblings.set(key, { key, imageUri, readOnly: options.readOnly, mounts, ...pulled });
  }
  const sources = [...siblings.values()].flatMap(({ mounts }) => mounts.map(({ source }) => source));
  return { siblings: [...siblings.values()], volumes: [...new Set(sources)].sort() };
}
