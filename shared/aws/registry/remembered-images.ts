import type { ImageRegistry, ResolvedImage } from '../../ports/image-registry.ts';

/**
 * A registry that is asked once for each image and architecture, whoever asks how often, so that all groups of a plan have
 * the same digest of a tag. It forgets nothing: make one for each plan.
 */
export function rememberedImages(registry: ImageRegistry): ImageRegistry {
  const known = new Map<string, Promise<ResolvedImage>>();
  return {
    resolve(imageUri, platform) {
      const key = `${platform.architecture} ${imageUri}`;
      const found = known.get(key) ?? registry.resolve(imageUri, platform);
      known.set(key, found);
      return found;
    },
  };
}
