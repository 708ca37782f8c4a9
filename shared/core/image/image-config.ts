import * as z from 'zod';
import { ImageError } from './image-error.ts';
import { type Platform, wrongPlatform } from './image-manifest.ts';

/** What an image runs when nothing else is said. */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** `user`, `user:group`, names or numbers; empty for root. */
  readonly user: string;
  /** Empty for the root folder. */
  readonly workingDir: string;
  /** `NAME=value`. */
  readonly env: readonly string[];
}

const words = z.array(z.string()).nullish();
const text = z.string().nullish();
const configSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  config: z.object({ Entrypoint: words, Cmd: words, User: text, WorkingDir: text, Env: words }).nullish(),
});

/** Reads an image's configuration, and checks that it is made for the platform: a manifest that is no list does not say. */
export function readImageConfig(image: string, body: unknown, platform: Platform): ImageConfig {
  const read = configSchema.safeParse(body);
  if (!read.success) {
    throw new ImageError(
      'INVALID',
      `the configuration of ${image} cannot be read: ${z.prettifyError(read.error)}`,
    );
  }
  const { os, architecture, config } = read.data;
  if (os !== platform.os || architecture !== platform.architecture)
    throw wrongPlatform(image, [`${os}/${architecture}`], platform);
  return {
    entrypoint: config?.Entrypoint ?? [],
    cmd: config?.Cmd ?? [],
    user: config?.User ?? '',
    workingDir: config?.WorkingDir ?? '',
    env: config?.Env ?? [],
  };
}
