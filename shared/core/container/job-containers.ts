import type { Job } from '../../contract/job.ts';
import type { Container } from '../../contract/runnable.ts';
import type { TaskGroup } from '../../contract/task-group.ts';
import type { TaskSpec } from '../../contract/task-spec.ts';
import type { Volume } from '../../contract/volume.ts';
import type { ContainerProblem } from './container-problem.ts';
import { readContainer } from './container-request.ts';
import { isRootUser } from './non-root.ts';

/** A container runnable of a job, with its field's path. */
export interface PlacedContainer {
  readonly field: string;
  readonly container: Container;
  readonly volumes: readonly Volume[];
  /** Its group says that nothing of it is root. */
  readonly isNonRoot: boolean;
}

/** All container runnables of a job. */
export function* containersOf(job: Job): Generator<PlacedContainer> {
  for (const [order, { taskSpec, runAsNonRoot: isNonRoot = false }] of (job.taskGroups ?? []).entries()) {
    for (const [at, { container }] of (taskSpec?.runnables ?? []).entries()) {
      if (container === undefined) continue;
      const field = `taskGroups[${order}].taskSpec.runnables[${at}].container`;
      yield { field, container, volumes: taskSpec?.volumes ?? [], isNonRoot };
    }
  }
}

/** Whether a task's containers mount folders. What cannot be read is refused elsewhere. */
export function mountsFoldersOf({ runnables = [], volumes = [] }: TaskSpec): boolean {
  return runnables.some(
    ({ container }) => container !== undefined && readContainer(container, volumes).request.mounts.length > 0,
  );
}

/** What of a job's containers cannot be honoured wherever they run; fields are paths from the job. */
export function* containerProblems(job: Job): Generator<ContainerProblem> {
  for (const { field, container, volumes, isNonRoot } of containersOf(job)) {
    const { request, problems } = readContainer(container, volumes);
    for (const problem of problems) yield { ...problem, field: `${field}.${problem.field}` };
    const { user } = request.options;
    if (isNonRoot && user !== undefined && isRootUser(user)) {
      const why = `--user ${user} is root, and the task group says runAsNonRoot; name another user, or none`;
      yield { kind: 'INVALID', field: `${field}.options`, why };
    }
  }
}

/**
 * What of a job's volumes and disks cannot be honoured by nodes that have no more than their own storage: there a disk,
 * and a volume on one, is a folder that is empty at first and private to its task.
 */
export function* volumeProblems(job: Job): Generator<ContainerProblem> {
  for (const [at, disk] of (job.allocationPolicy?.instances?.[0]?.policy?.disks ?? []).entries()) {
    const field = `allocationPolicy.instances[0].policy.disks[${at}]`;
    if (disk.existingDisk)
      yield unsupported(`${field}.existingDisk`, 'there are no disks here that exist already');
    if (disk.newDisk?.image || disk.newDisk?.snapshot)
      yield unsupported(
        `${field}.newDisk`,
        'a disk is empty at first here; image and snapshot cannot be honoured',
      );
  }
  for (const [order, group] of (job.taskGroups ?? []).entries())
    yield* groupVolumeProblems(group, `taskGroups[${order}].taskSpec`);
}

const sources = {
  nfs: 'file servers cannot be mounted here',
  gcs: 'there is no Cloud Storage here',
  pd: 'there are no persistent disks here; use deviceName',
} as const;

/** Options of `mount` that a folder has anyway, and the flag that brings them. */
const MOUNTED_SO: ReadonlySet<string> = new Set(['', '-o', 'rw', 'async', 'defaults']);

function* groupVolumeProblems({ taskSpec = {} }: TaskGroup, path: string): Generator<ContainerProblem> {
  const volumes = taskSpec.volumes ?? [];
  for (const [at, volume] of volumes.entries()) {
    for (const source of ['nfs', 'gcs', 'pd'] as const) {
      if (volume[source] !== undefined)
        yield unsupported(`${path}.volumes[${at}].${source}`, sources[source]);
    }
    const options = (volume.mountOptions ?? []).flatMap((words) => words.split(/[\s,]+/));
    const others = options.filter((option) => !MOUNTED_SO.has(option));
    if (volume.deviceName !== undefined && others.length > 0)
      yield unsupported(
        `${path}.volumes[${at}].mountOptions`,
        `a disk is a folder here, mounted rw; given: ${others.join(', ')}`,
      );
  }
  const scripts = (taskSpec.runnables ?? []).some(({ script }) => script !== undefined);
  if (volumes.length > 0 && scripts)
    yield unsupported(`${path}.volumes`, 'nothing can be mounted for scripts, only for containers');
}

function unsupported(field: string, why: string): ContainerProblem {
  return { kind: 'UNSUPPORTED', field, why };
}
