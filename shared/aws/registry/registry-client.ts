import { readImageConfig } from '../../core/image/image-config.ts';
import { ImageError } from '../../core/image/image-error.ts';
import { MANIFEST_TYPES, type Platform, readManifest } from '../../core/image/image-manifest.ts';
import {
  mirrored,
  parseImageReference,
  pinnedImage,
  registryHost,
} from '../../core/image/image-reference.ts';
import type { ImageRegistry, RegistryCredentials, ResolvedImage } from '../../ports/image-registry.ts';
import { type RegistryPace, realPace } from './registry-http.ts';
import { RegistrySession } from './registry-session.ts';

export interface RegistryClientSetting {
  /** Credentials of the deployment's own for a registry, such as ECR's; those of a container win. */
  readonly credentialsFor?: (registry: string) => Promise<RegistryCredentials | undefined>;
  /** Where copies of a registry's images are, by the registry: `docker.io` → `host` or `host/prefix`. Nodes pull from there too. */
  readonly mirrors?: Readonly<Record<string, string>>;
  /** Registries that are asked without encryption. */
  readonly plainHttp?: readonly string[];
  readonly pace?: RegistryPace;
}

const LISTS_IN_LISTS = 2;

/** Looks images up over the registry API (Docker's second, which the open standard took over), without a Docker engine. */
export class RegistryClient implements ImageRegistry {
  readonly #setting: RegistryClientSetting;

  constructor(setting: RegistryClientSetting = {}) {
    this.#setting = setting;
  }

  async resolve(imageUri: string, platform: Platform, own?: RegistryCredentials): Promise<ResolvedImage> {
    const { credentialsFor, mirrors = {}, plainHttp = [], pace = realPace } = this.#setting;
    const reference = mirrored(parseImageReference(imageUri), mirrors);
    const { registry, repository } = reference;
    const session = new RegistrySession({
      image: imageUri,
      base: `${plainHttp.includes(registry) ? 'http' : 'https'}://${registryHost(registry)}`,
      repository,
      credentials: own ?? (await credentialsFor?.(registry)),
      pace,
    });
    const wanted = reference.digest ?? reference.tag ?? 'latest';
    const { digest, config } = await findConfig(session, imageUri, wanted, platform);
    const { json } = await session.get('blobs', config, 'application/json, application/octet-stream');
    return {
      pinned: pinnedImage(reference, digest),
      digest,
      config: readImageConfig(imageUri, json, platform),
    };
  }
}

/** Follows manifests to the configuration of the platform's image. */
async function findConfig(
  session: RegistrySession,
  imageUri: string,
  reference: string,
  platform: Platform,
): Promise<{ digest: string; config: string }> {
  const accept = MANIFEST_TYPES.join(', ');
  const first = await session.get('manifests', reference, accept);
  let target = readManifest(imageUri, first.json, platform);
  for (let lists = 0; target.kind === 'manifest'; lists += 1) {
    if (lists === LISTS_IN_LISTS)
      throw new ImageError('INVALID', `${imageUri} is a list of lists that does not end`);
    const { json } = await session.get('manifests', target.digest, accept);
    target = readManifest(imageUri, json, platform);
  }
  return { digest: first.digest, config: target.digest };
}
