import type { Container } from '../../contract/runnable.ts';
import type { Volume } from '../../contract/volume.ts';
import { parseImageReference } from '../image/image-reference.ts';
import { type ContainerMount, containerMounts } from './container-mounts.ts';
import type { ContainerOptions } from './container-options.ts';
import type { ContainerProblem } from './container-problem.ts';
import { parseContainerOptions } from './parse-options.ts';

/** What a container runnable asks for, with its options and volumes read. */
export interface ContainerRequest {
  readonly imageUri: string;
  /** In place of the image's own entry point; empty: none. Undefined: the image's own. */
  readonly entrypoint: string | undefined;
  /** Arguments to the entry point, in place of the image's own command; empty: the image's own. */
  readonly commands: readonly string[];
  readonly options: ContainerOptions;
  readonly mounts: readonly ContainerMount[];
  /** It is to reach containers of the same kind on its node, and nothing else. */
  readonly blockExternalNetwork: boolean;
}

/** `volumes`: of the container's task. Problems name their field relative to the container. */
export function readContainer(
  container: Container,
  volumes: readonly Volume[],
): { readonly request: ContainerRequest; readonly problems: readonly ContainerProblem[] } {
  const { options, problems } = parseContainerOptions(container.options ?? '');
  const mounts = containerMounts(container.volumes ?? [], options.volumes, volumes);
  const request = {
    imageUri: imageOf(container),
    entrypoint: container.entrypoint ?? options.entrypoint,
    commands: container.commands ?? [],
    options,
    mounts: mounts.mounts,
    blockExternalNetwork: container.blockExternalNetwork ?? false,
  };
  return {
    request,
    problems: [
      ...imageProblems(request.imageUri),
      ...loginProblems(container),
      ...problems,
      ...mounts.problems,
    ],
  };
}

/** The image's name without what stands around it. */
export function imageOf({ imageUri }: Container): string {
  return (imageUri ?? '').trim();
}

function imageProblems(imageUri: string): ContainerProblem[] {
  try {
    parseImageReference(imageUri);
    return [];
  } catch (error) {
    return [{ kind: 'INVALID', field: 'imageUri', why: (error as Error).message }];
  }
}

function loginProblems({ username, password }: Container): ContainerProblem[] {
  if (Boolean(username) === Boolean(password)) return [];
  const field = username ? 'password' : 'username';
  return [{ kind: 'INVALID', field, why: 'is required: username and password are given together' }];
}
