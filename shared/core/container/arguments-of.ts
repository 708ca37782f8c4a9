import type { ContainerRequest } from './container-request.ts';

/** What an image says of how it is run. */
export interface ImageCommand {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/**
 * The words that a container runs. As with `docker run`, an entry point of the job's, even an empty one, puts the image's
 * command aside too. Empty when there is nothing to run.
 */
export function argumentsOf(
  { entrypoint, commands }: Pick<ContainerRequest, 'entrypoint' | 'commands'>,
  image: ImageCommand,
): string[] {
  if (entrypoint !== undefined) return [...(entrypoint === '' ? [] : [entrypoint]), ...commands];
  return [...image.entrypoint, ...(commands.length > 0 ? commands : image.command)];
}
