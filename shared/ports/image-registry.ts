import type { ImageConfig } from '../core/image/image-config.ts';
import type { Platform } from '../core/image/image-manifest.ts';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** An image as its registry has it now. */
export interface ResolvedImage {
  /** `registry/repository@sha256:…`: what was meant, whatever becomes of the tag. */
  readonly pinned: string;
  /** Of what the name stands for: a manifest, or a list of one for each platform. */
  readonly digest: string;
  readonly config: ImageConfig;
}

/** Looks images up where they are kept. */
export interface ImageRegistry {
  /** Throws an ImageError when the image cannot be used; what passes has been tried again by then. */
  resolve(imageUri: string, platform: Platform, credentials?: RegistryCredentials): Promise<ResolvedImage>;
}
