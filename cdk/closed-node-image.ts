import { mirrored, parseImageReference } from '../shared/core/image/image-reference.ts';

/** An image in ECR, by its registry's region. */
export const ECR_IMAGE = /^\d{12}\.dkr\.ecr\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?\/\S+$/;

/** What of the settings says which image nodes have. */
interface ImageSettings {
  readonly nodeImage: string;
  readonly closedNodeImage?: string | undefined;
  readonly registryMirrors: Readonly<Record<string, string>>;
}

/** What nodes in a closed network run: what is set for them, or else the mirror's copy of what the other nodes run. */
export function closedNodeImage({ nodeImage, closedNodeImage: own, registryMirrors }: ImageSettings): string {
  if (own !== undefined) return own;
  try {
    const { registry, repository, tag, digest } = mirrored(parseImageReference(nodeImage), registryMirrors);
    return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  } catch {
    return nodeImage;
  }
}

/** Whether a closed network can pull an image, as far as its name says: from ECR, or a trial's registry. */
export function isPulledWithin(
  image: string,
  { plainHttpRegistries }: { readonly plainHttpRegistries: readonly string[] },
): boolean {
  return ECR_IMAGE.test(image) || plainHttpRegistries.some((host) => image.startsWith(`${host}/`));
}
