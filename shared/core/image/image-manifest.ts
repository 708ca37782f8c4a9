import * as z from 'zod';
import { ImageError } from './image-error.ts';

/** What an image must be made for. `arm64` and `amd64`, as registries name them. */
export interface Platform {
  readonly os: 'linux';
  readonly architecture: 'arm64' | 'amd64';
}

/** Media types that a registry is asked for: manifests and lists of them, in Docker's form and in the open one. */
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

const descriptor = z.object({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().optional(),
});
const index = z.object({
  manifests: z.array(
    descriptor.extend({
      platform: z
        .object({ os: z.string(), architecture: z.string(), variant: z.string().optional() })
        .optional(),
    }),
  ),
});
const manifest = z.object({ config: descriptor });

/** What a manifest is: one image's, with the digest of its configuration, or a list of images by `os/architecture`. */
export type ReadManifest =
  | { readonly kind: 'image'; readonly config: string }
  | { readonly kind: 'list'; readonly digests: ReadonlyMap<string, string> };

/** Reads a manifest. Throws an ImageError for what is none. */
export function readManifest(image: string, body: unknown): ReadManifest {
  const one = manifest.safeParse(body);
  if (one.success) return { kind: 'image', config: one.data.config.digest };
  const many = index.safeParse(body);
  if (!many.success) {
    throw new ImageError(
      'INVALID',
      `the registry's manifest of ${image} is neither an image's nor a list of images`,
    );
  }
  const digests = new Map<string, string>();
  for (const { digest, platform } of many.data.manifests) {
    // Attestations stand in lists as images of an unknown platform. Of variants the first is meant for all.
    const name = platform && platformName(platform);
    if (name !== undefined && platform?.os !== 'unknown' && !digests.has(name)) digests.set(name, digest);
  }
  return { kind: 'list', digests };
}

/** `linux/amd64`. */
export function platformName({ os, architecture }: { os: string; architecture: string }): string {
  return `${os}/${architecture}`;
}

/** The error of an image that has other platforms than the one wanted. */
export function wrongPlatform(image: string, there: readonly string[], wanted: Platform): ImageError {
  const made = there.length === 0 ? 'no platform' : there.join(', ');
  return new ImageError('WRONG_PLATFORM', `${image} is made for ${made}, not for ${platformName(wanted)}`);
}
