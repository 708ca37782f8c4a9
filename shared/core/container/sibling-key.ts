import type { ContainerRequest } from './container-request.ts';

/**
 * Tells the containers that a node on Fargate must have beside its agent: runnables with the same key share one. What a
 * container is started with once is in it: image, root file system and mounts. What each run brings is not.
 */
export function siblingKey({ imageUri, options, mounts }: ContainerRequest): string {
  const mounted = mounts.map(
    ({ source, target, readOnly }) => `${source}:${target}:${readOnly ? 'ro' : 'rw'}`,
  );
  return [imageUri, options.readOnly ? 'ro' : 'rw', ...mounted.sort()].join(' ');
}
