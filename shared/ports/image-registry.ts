import type { ImageConfig } from '../core/image/image-config.ts';
import type { Platform } from '../core/image/image-manifest.ts';

/** Who pulls an image. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** An image as its registry has it now. */
export interface FoundImage {
  /** `registry/repository@sha256:…`: what was meant, whatever becomes of the tag. */
  readonly pinned: string;
  /** Of what the name stands for: a manifest, or a list of one for each platform. */
  readonly digest: string;
  /** What it is made for, as `os/architecture`. */
  readonly platforms: readonly string[];
  /** What it runs there. Throws an ImageError when it is not made for that. */
  configFor(platform: Platform): Promise<ImageConfig>;
}

/** Looks images up where they are kept. */
export interface ImageRegistry {
  /** Throws an ImageError when the image cannot be used; what passes has been tried again by then. */
  find(imageUri: string, credentials?: RegistryCredentials): Promise<FoundImage>;
}
