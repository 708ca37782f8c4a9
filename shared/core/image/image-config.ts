import * as z from 'zod';
import { ImageError } from './image-error.ts';
import { platformName } from './image-manifest.ts';

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

/** Reads an image's configuration, which also says what it is made for, `os/architecture`: a manifest that is no list does not. */
export function readImageConfig(image: string, body: unknown): { platform: string; config: ImageConfig } {
  const read = configSchema.safeParse(body);
  if (!read.success) {
    throw new ImageError(
      'INVALID',
      `the configuration of ${image} cannot be read: ${z.prettifyError(read.error)}`,
    );
  }
  const { config } = read.data;
  return {
    platform: platformName(read.data),
    config: {
      entrypoint: config?.Entrypoint ?? [],
      cmd: config?.Cmd ?? [],
      user: config?.User ?? '',
      workingDir: config?.WorkingDir ?? '',
      env: config?.Env ?? [],
    },
  };
}
