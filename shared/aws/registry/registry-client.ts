import { type ImageConfig, readImageConfig } from '../../core/image/image-config.ts';
import { ImageError } from '../../core/image/image-error.ts';
import {
  MANIFEST_TYPES,
  type Platform,
  platformName,
  type ReadManifest,
  readManifest,
  wrongPlatform,
} from '../../core/image/image-manifest.ts';
import {
  mirrored,
  parseImageReference,
  pinnedImage,
  registryHost,
} from '../../core/image/image-reference.ts';
import type { FoundImage, ImageRegistry, RegistryCredentials } from '../../ports/image-registry.ts';
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

  async find(imageUri: string, own?: RegistryCredentials): Promise<FoundImage> {
    const { credentialsFor, mirrors = {}, plainHttp = [], pace = realPace } = this.#setting;
    const named = parseImageReference(imageUri);
    // A login is for the registry that the container names: a mirror does not know it, and must not see it.
    const reference = own === undefined ? mirrored(named, mirrors) : named;
    const { registry, repository } = reference;
    const session = new RegistrySession({
      image: imageUri,
      base: `${plainHttp.includes(registry) ? 'http' : 'https'}://${registryHost(registry)}`,
      repository,
      credentials: own ?? (await credentialsFor?.(registry)),
      asker: own === undefined ? 'OTHERS' : 'CONTAINER',
      pace,
    });
    const documents = new ImageDocuments(session, imageUri);
    const { digest, manifest } = await documents.manifest(reference.digest ?? reference.tag ?? 'latest');
    const image = { pinned: pinnedImage(reference, digest), digest };
    if (manifest.kind === 'list')
      return {
        ...image,
        platforms: [...manifest.digests.keys()],
        configFor: (platform) => documents.configIn(manifest, platform),
      };
    const { platform: made, config } = await documents.config(manifest.config);
    return {
      ...image,
      platforms: [made],
      async configFor(platform) {
        if (made !== platformName(platform)) throw wrongPlatform(imageUri, [made], platform);
        return config;
      },
    };
  }
}

/** What a registry keeps of one image, read. */
class ImageDocuments {
  readonly #session: RegistrySession;
  readonly #image: string;

  constructor(session: RegistrySession, image: string) {
    this.#session = session;
    this.#image = image;
  }

  async manifest(reference: string): Promise<{ digest: string; manifest: ReadManifest }> {
    const { digest, json } = await this.#session.get('manifests', reference, MANIFEST_TYPES.join(', '));
    return { digest, manifest: readManifest(this.#image, json) };
  }

  async config(digest: string): Promise<ReturnType<typeof readImageConfig>> {
    const { json } = await this.#session.get('blobs', digest, 'application/json, application/octet-stream');
    return readImageConfig(this.#image, json);
  }

  /** Follows a list, which may lead to another, to the configuration of the platform's image. */
  async configIn(list: ReadManifest, platform: Platform): Promise<ImageConfig> {
    let manifest = list;
    for (let lists = 0; manifest.kind === 'list'; lists += 1) {
      if (lists === LISTS_IN_LISTS)
        throw new ImageError('INVALID', `${this.#image} is a list of lists that does not end`);
      const digest = manifest.digests.get(platformName(platform));
      if (digest === undefined) throw wrongPlatform(this.#image, [...manifest.digests.keys()], platform);
      ({ manifest } = await this.manifest(digest));
    }
    const { platform: made, config } = await this.config(manifest.config);
    if (made !== platformName(platform)) throw wrongPlatform(this.#image, [made], platform);
    return config;
  }
}
