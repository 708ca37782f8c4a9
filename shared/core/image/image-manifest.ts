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

/** Where a manifest leads: to the manifest of one platform, or to the image's configuration. */
export type ManifestTarget =
  | { readonly kind: 'manifest'; readonly digest: string }
  | { readonly kind: 'config'; readonly digest: string };

/** Reads a manifest. From a list of them the platform's is taken; an ImageError says which platforms there are. */
export function readManifest(image: string, body: unknown, platform: Platform): ManifestTarget {
  const one = manifest.safeParse(body);
  if (one.success) return { kind: 'config', digest: one.data.config.digest };
  const many = index.safeParse(body);
  if (!many.success) {
    throw new ImageError(
      'INVALID',
      `the registry's manifest of ${image} is neither an image's nor a list of images`,
    );
  }
  const { manifests } = many.data;
  const fits = manifests.find(
    (entry) => entry.platform?.os === platform.os && entry.platform.architecture === platform.architecture,
  );
  if (fits !== undefined) return { kind: 'manifest', digest: fits.digest };
  const there = manifests.flatMap(({ platform: its }) =>
    // Attestations stand in lists as images of an unknown platform.
    its === undefined || its.os === 'unknown' ? [] : [`${its.os}/${its.architecture}`],
  );
  throw wrongPlatform(image, there, platform);
}

export function wrongPlatform(image: string, there: readonly string[], { os, architecture }: Platform) {
  const made = there.length === 0 ? 'no platform' : [...new Set(there)].join(', ');
  return new ImageError(
    'WRONG_PLATFORM',
    `${image} is made for ${made}; nodes of this deployment are ${os}/${architecture}`,
  );
}
