import type { Container } from '../../contract/runnable.ts';
import type { TaskGroup } from '../../contract/task-group.ts';
import type { Volume } from '../../contract/volume.ts';
import { imageOf, readContainer } from '../container/container-request.ts';
import { isSameLogin, loginOf, type RegistryLogin } from '../container/registry-login.ts';
import { barriersOf } from '../group/group-record.ts';
import { ecrRegion } from '../image/ecr-registry.ts';
import { parseImageReference } from '../image/image-reference.ts';
import type { Refusal } from '../job-refusals.ts';
import { imageLogins, planSiblings, SIBLINGS_AT_MOST, type SiblingPlan } from './sibling-plan.ts';

/** What the agent's container and the wrapper need for themselves: nothing is mounted over it. */
const NODE_FOLDERS =
  'bin boot dev etc lib lib32 lib64 libx32 proc root run sbin sluice sys tmp usr var'.split(' ');
const CONTAINER_FOLDERS = ['dev', 'proc', 'sluice', 'sluice-channel', 'sys'];

/** What of a group's containers nodes on Fargate cannot honour. `path`: of the group. */
export function* siblingRefusals(group: TaskGroup, path: string): Generator<Refusal> {
  const { runnables = [], volumes = [] } = group.taskSpec ?? {};
  const logins = imageLogins(group);
  for (const [at, { container }] of runnables.entries()) {
    if (container === undefined) continue;
    const field = `${path}.taskSpec.runnables[${at}].container`;
    for (const [inner, why] of containerRefusals(container, volumes)) yield [`${field}.${inner}`, why];
    for (const [inner, why] of loginRefusals(container, logins)) yield [`${field}.${inner}`, why];
  }
  const plan = planSiblings(group);
  const { length } = plan.siblings;
  if (length > SIBLINGS_AT_MOST)
    yield [
      `${path}.taskSpec.runnables`,
      `a node on Fargate has room for ${SIBLINGS_AT_MOST} containers beside the agent, one for each image with its mounts; given: ${length}`,
    ];
  yield* volumeRefusals(group, plan, path);
}

function* containerRefusals(container: Container, volumes: readonly Volume[]): Generator<Refusal> {
  const { options, mounts } = readContainer(container, volumes).request;
  if (options.network === 'none')
    yield [
      'options',
      '--network none: all containers of a node on Fargate share its network; blockExternalNetwork closes it for all of them',
    ];
  if (options.shmBytes !== undefined)
    yield ['options', '--shm-size: Fargate does not size the shared memory of a container'];
  for (const [at, { source, target }] of mounts.entries()) {
    if (mounts.slice(0, at).some((other) => other.source === source))
      yield ['volumes', `${source} can be mounted once in a container here`];
    if (NODE_FOLDERS.includes(topOf(source)))
      yield ['volumes', `${source} is the node's own; take a path such as /mnt/disks/share`];
    if (CONTAINER_FOLDERS.includes(topOf(target)))
      yield ['volumes', `nothing can be mounted at ${target} here`];
  }
}

function* loginRefusals(
  container: Container,
  logins: ReadonlyMap<string, RegistryLogin>,
): Generator<Refusal> {
  const login = loginOf(container);
  if (login === undefined) return;
  const image = imageOf(container);
  const { registry } = parseImageReference(image);
  if (ecrRegion(registry) !== undefined)
    yield [
      'username',
      "images of ECR are pulled by the deployment's own role here, for ECR's passwords are good for twelve hours; leave out username and password, and let the repository's policy name that role where it is another account's",
    ];
  const first = logins.get(image);
  if (first !== undefined && !isSameLogin(first, login))
    yield [
      'username',
      `a node pulls ${image} once, and another container of the group gives another login for it`,
    ];
}

/** A node's volumes are empty for each task, so there is one task at a time, and none that waits while another runs. */
function* volumeRefusals(group: TaskGroup, { volumes }: SiblingPlan, path: string): Generator<Refusal> {
  if (volumes.length === 0) return;
  for (const source of volumes) {
    const outer = volumes.find((other) => source.startsWith(`${other}/`));
    if (outer !== undefined)
      yield [
        `${path}.taskSpec.runnables`,
        `${source} lies in ${outer}, which is mounted too; mount one of them`,
      ];
  }
  if (Number(group.taskCountPerNode ?? 1) > 1)
    yield [
      `${path}.taskCountPerNode`,
      `a node whose containers mount volumes runs one task at a time; given: ${group.taskCountPerNode}`,
    ];
  if (barriersOf(group).length > 0 && Number(group.taskCount ?? 1) > 1)
    yield [
      `${path}.taskSpec.runnables`,
      'tasks that wait at a barrier give their node to others, who would find their volumes; use two groups, or no barrier',
    ];
}

function topOf(path: string): string {
  return path.split('/')[1] ?? '';
}
