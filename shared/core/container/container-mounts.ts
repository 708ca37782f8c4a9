import type { Volume } from '../../contract/volume.ts';
import type { ContainerProblem } from './container-problem.ts';

/** What a container finds at a path. */
export interface ContainerMount {
  /**
   * `volume`: part of a volume of the task, which is the task's own. `node`: a path of the node; where the node has no
   * such path, it is the task's own too.
   */
  readonly origin: 'volume' | 'node';
  /** Absolute, without a slash at its end: where the node would have it. */
  readonly source: string;
  /** Absolute: where the container finds it. */
  readonly target: string;
  readonly readOnly: boolean;
}

export interface Mounts {
  readonly mounts: readonly ContainerMount[];
  readonly problems: readonly ContainerProblem[];
}

const FORM = 'must be /path/on/node:/path/in/container, with :ro or :rw after it if wished';

/**
 * What a container is to find mounted. `given`: `container.volumes`; where it is empty, each volume of the task is there
 * under its own mount path, to be written (https://cloud.google.com/batch/docs/reference/rest/v1/projects.locations.jobs#Container).
 * `options`: the values of `--volume`, which come on top of either.
 */
export function containerMounts(
  given: readonly string[],
  options: readonly string[],
  volumes: readonly Volume[],
): Mounts {
  const problems: ContainerProblem[] = [];
  const mounts = given.length > 0 ? [] : volumes.map(wholeVolume);
  const wished = [
    ...given.map((text, at) => ({ text, field: `volumes[${at}]` })),
    ...options.map((text) => ({ text, field: 'options' })),
  ];
  for (const { text, field } of wished) {
    const mount = parseMount(text, volumes);
    if (mount === undefined) {
      problems.push({ kind: 'INVALID', field, why: `${FORM}; given ${JSON.stringify(text)}` });
    } else if (mounts.some(({ target }) => target === mount.target)) {
      problems.push({ kind: 'INVALID', field, why: `must not mount a second thing at ${mount.target}` });
    } else {
      mounts.push(mount);
    }
  }
  return { mounts, problems };
}

function wholeVolume({ mountPath = '' }: Volume): ContainerMount {
  const path = tidy(mountPath);
  return { origin: 'volume', source: path, target: path, readOnly: false };
}

function parseMount(text: string, volumes: readonly Volume[]): ContainerMount | undefined {
  const [source = '', target = '', mode = 'rw', ...more] = text.split(':');
  if (!source.startsWith('/') || !target.startsWith('/') || more.length > 0) return undefined;
  if (mode !== 'rw' && mode !== 'ro') return undefined;
  const at = { source: tidy(source), target: tidy(target) };
  if (at.target === '/') return undefined;
  const isOfVolume = volumes.some(({ mountPath = '' }) => isWithin(at.source, tidy(mountPath)));
  return { origin: isOfVolume ? 'volume' : 'node', ...at, readOnly: mode === 'ro' };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** A path without `.`, `..`, double slashes and a slash at its end. */
function tidy(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
