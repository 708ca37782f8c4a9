import { describe, expect, it } from 'vitest';
import type { Platform } from '../../core/image/image-manifest.ts';
import { rememberedImages } from './remembered-images.ts';

const arm: Platform = { os: 'linux', architecture: 'arm64' };
const x86: Platform = { os: 'linux', architecture: 'amd64' };

/** A registry whose tags move with each question. */
function movingRegistry() {
  const asked: string[] = [];
  const registry = rememberedImages({
    async resolve(imageUri, { architecture }) {
      const pinned = `${imageUri}@${asked.push(`${imageUri} ${architecture}`)}`;
      if (imageUri === 'missing') throw new Error(pinned);
      return { pinned, digest: '', config: { entrypoint: [], cmd: [], user: '', workingDir: '', env: [] } };
    },
  });
  return { asked, registry };
}

describe('rememberedImages', () => {
  it('asks once for an image, by one after the other and side by side', async () => {
    const { asked, registry } = movingRegistry();
    const sideBySide = await Promise.all([registry.resolve('a', arm), registry.resolve('a', arm)]);
    const found = [...sideBySide, await registry.resolve('a', arm)];
    expect(found.map(({ pinned }) => pinned)).toEqual(['a@1', 'a@1', 'a@1']);
    expect(asked).toEqual(['a arm64']);
  });

  it('asks for each image and for each architecture', async () => {
    const { asked, registry } = movingRegistry();
    await registry.resolve('a', arm);
    await registry.resolve('a', x86);
    await registry.resolve('b', arm);
    expect(asked).toEqual(['a arm64', 'a amd64', 'b arm64']);
  });

  it('says again what was wrong with an image', async () => {
    const { asked, registry } = movingRegistry();
    await expect(registry.resolve('missing', arm)).rejects.toThrow('missing@1');
    await expect(registry.resolve('missing', arm)).rejects.toThrow('missing@1');
    expect(asked).toHaveLength(1);
  });
});
