import { ImageError } from './image-error.ts';

/** An image's name in its parts. */
export interface ImageReference {
  /** The registry as names give it: `docker.io` where none was given. */
  readonly registry: string;
  /** With Docker Hub's `library/` where it was left out. */
  readonly repository: string;
  /** `latest` when neither a tag nor a digest was given. */
  readonly tag?: string;
  readonly digest?: string;
}

/** Docker Hub's name in image names, and where its registry is. */
const DOCKER_HUB = 'docker.io';
const HUB_NAMES: ReadonlySet<string> = new Set([DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io']);
const HUB_HOST = 'registry-1.docker.io';

const REGISTRY = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const REPOSITORY_CHARACTERS = 255;

/**
 * Reads an image's name as Docker does: the first part is a registry when it has a dot or a colon or is `localhost`;
 * else the image is Docker Hub's. Throws an ImageError that shows the name.
 */
export function parseImageReference(imageUri: string): ImageReference {
  const invalid = (why: string) =>
    new ImageError('INVALID', `${JSON.stringify(imageUri)} is no image name: ${why}`);
  const [named = '', digest, ...more] = imageUri.split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest)))
    throw invalid('behind @ stands sha256: and 64 hexadecimal digits');
  const slash = named.indexOf('/');
  const first = slash === -1 ? '' : named.slice(0, slash);
  const hasRegistry = /[.:[]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const registry = hasRegistry ? first : DOCKER_HUB;
  if (!REGISTRY.test(registry)) throw invalid('its registry is a host, with a port where it needs one');
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? undefined : rest.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag))
    throw invalid('a tag has at most 128 letters, digits, dots, dashes and underscores');
  const isHub = HUB_NAMES.has(registry);
  const repository = isHub && !path.includes('/') ? `library/${path}` : path;
  if (!REPOSITORY.test(repository) || repository.length > REPOSITORY_CHARACTERS)
    throw invalid('a repository is lower case, its parts joined by slashes');
  return {
    registry: isHub ? DOCKER_HUB : registry,
    repository,
    ...(tag === undefined ? (digest === undefined ? { tag: 'latest' } : {}) : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The image where its registry is mirrored: at a host, below a prefix where there is one. */
export function mirrored(
  reference: ImageReference,
  mirrors: Readonly<Record<string, string>>,
): ImageReference {
  const [registry, ...prefix] = mirrors[reference.registry]?.split('/') ?? [];
  if (registry === undefined) return reference;
  return { ...reference, registry, repository: [...prefix, reference.repository].join('/') };
}

/** The host that serves a registry. */
export function registryHost(registry: string): string {
  return registry === DOCKER_HUB ? HUB_HOST : registry;
}

/** The image by its content: `registry/repository@digest`. */
export function pinnedImage({ registry, repository }: ImageReference, digest: string): string {
  return `${registry}/${repository}@${digest}`;
}
