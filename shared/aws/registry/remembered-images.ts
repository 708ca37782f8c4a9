import type { FoundImage, ImageRegistry } from '../../ports/image-registry.ts';

/**
 * A registry that is asked once for each image, whoever asks how often, so that all groups of a plan have the same digest of
 * a tag. It forgets nothing but failures: make one for each plan.
 */
export function rememberedImages(registry: ImageRegistry): ImageRegistry {
  const known = new Map<string, Promise<FoundImage>>();
  return {
    find(imageUri, credentials) {
      const key = JSON.stringify([imageUri, credentials]);
      const found = known.get(key) ?? registry.find(imageUri, credentials).then(withConfigsKept);
      known.set(key, found);
      found.catch(() => known.delete(key));
      return found;
    },
  };
}

function withConfigsKept(image: FoundImage): FoundImage {
  const configs = new Map<string, ReturnType<FoundImage['configFor']>>();
  return {
    ...image,
    configFor(platform) {
      const config = configs.get(platform.architecture) ?? image.configFor(platform);
      configs.set(platform.architecture, config);
      config.catch(() => configs.delete(platform.architecture));
      return config;
    },
  };
}
