import type { Container, Runnable } from '../../contract/runnable.ts';
import type { TaskGroup } from '../../contract/task-group.ts';
import { loginOf } from '../container/registry-login.ts';
import { mirrored, parseImageReference } from '../image/image-reference.ts';
import type { Refusal } from '../job-refusals.ts';
import type { ClosedNetwork } from './node-places.ts';

/** Where images come from: a registry's copy elsewhere, by the registry. */
export type RegistryMirrors = Readonly<Record<string, string>>;

/**
 * Whether a group's nodes are to have no way out: its containers ask for it with `blockExternalNetwork`. All containers of
 * a node share its network, so either all of a group ask for it or none; `closedRefusals` names a group that is mixed.
 */
export function isClosed(group: TaskGroup | undefined): boolean {
  return runnablesOf(group).some(asksForIt);
}

/**
 * What of a group's closed containers nodes on Fargate cannot honour. `path`: the group's. `network`: undefined where the
 * deployment has none. A group that is not closed is not looked at.
 */
export function* closedRefusals(
  group: TaskGroup,
  path: string,
  network: Pick<ClosedNetwork, 'registries'> | undefined,
  mirrors: RegistryMirrors = {},
): Generator<Refusal> {
  const runnables = [...runnablesOf(group).entries()].map(([at, runnable]) => ({
    runnable,
    field: `${path}.taskSpec.runnables[${at}]`,
  }));
  const asking = runnables.find(({ runnable }) => asksForIt(runnable));
  if (asking === undefined) return;
  if (network === undefined) {
    yield [
      `${asking.field}.container.blockExternalNetwork`,
      'this deployment has no closed network; deploy it with the setting closedNetwork, which makes one that costs by the hour',
    ];
    return;
  }
  const why = `all of a node on Fargate shares its network, which ${asking.field}.container wants closed`;
  for (const { runnable, field } of runnables) {
    const { script, container } = runnable;
    if (script !== undefined)
      yield [
        `${field}.script`,
        `${why}; run it in a container with blockExternalNetwork, or in another group`,
      ];
    else if (container !== undefined && !asksForIt(runnable))
      yield [`${field}.container.blockExternalNetwork`, `${why}; set it here too, or use another group`];
    else if (container !== undefined) yield* imageRefusals(container, `${field}.container`, network, mirrors);
  }
}

function* imageRefusals(
  container: Container,
  field: string,
  { registries }: Pick<ClosedNetwork, 'registries'>,
  mirrors: RegistryMirrors,
): Generator<Refusal> {
  const { imageUri } = container;
  // An image that is pulled with a login comes from where it is named, by no mirror; and ECR's are pulled without one.
  const hasLogin = loginOf(container) !== undefined;
  const registry = registryOf(imageUri ?? '', hasLogin ? {} : mirrors);
  if (registry === undefined || registries.includes(registry)) return;
  const those = registries.join(', ');
  const way = hasLogin
    ? 'push a copy there, and leave out username and password'
    : 'push a copy there, or name a mirror with the setting registryMirrors';
  yield [
    `${field}.imageUri`,
    `nodes of a closed network pull images from ${those} only, and this one is in ${registry}; ${way}; given "${imageUri}"`,
  ];
}

/** Where an image is pulled from; undefined for a name that is none, which is refused when it is looked up. */
function registryOf(imageUri: string, mirrors: RegistryMirrors): string | undefined {
  try {
    return mirrored(parseImageReference(imageUri), mirrors).registry;
  } catch {
    return undefined;
  }
}

function runnablesOf(group: TaskGroup | undefined): readonly Runnable[] {
  return group?.taskSpec?.runnables ?? [];
}

function asksForIt({ container }: Runnable): boolean {
  return container?.blockExternalNetwork === true;
}
