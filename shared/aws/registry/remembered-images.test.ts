import { describe, expect, it } from 'vitest';
import type { Platform } from '../../core/image/image-manifest.ts';
import { rememberedImages } from './remembered-images.ts';

const arm: Platform = { os: 'linux', architecture: 'arm64' };
const x86: Platform = { os: 'linux', architecture: 'amd64' };
const empty = { entrypoint: [], cmd: [], user: '', workingDir: '', env: [] };

/** A registry whose tags move with each question. */
function movingRegistry() {
  const asked: string[] = [];
  const registry = rememberedImages({
    async find(imageUri) {
      const pinned = `${imageUri}@${asked.push(imageUri)}`;
      if (imageUri === 'missing') throw new Error(pinned);
      return {
        pinned,
        digest: '',
        platforms: ['linux/arm64', 'linux/amd64'],
        async configFor({ architecture }) {
          asked.push(`${imageUri} ${architecture}`);
          return empty;
        },
      };
    },
  });
  return { asked, registry };
}

describe('rememberedImages', () => {
  it('asks once for an image, by one after the other and side by side', async () => {
    const { asked, registry } = movingRegistry();
    const sideBySide = await Promise.all([registry.find('a'), registry.find('a')]);
    const found = [...sideBySide, await registry.find('a')];
    expect(found.map(({ pinned }) => pinned)).toEqual(['a@1', 'a@1', 'a@1']);
    expect(asked).toEqual(['a']);
  });

  it('asks for each image, whoever wants it, and once for what it runs on each processor', async () => {
    const { asked, registry } = movingRegistry();
    for (const platform of [arm, x86, arm]) await (await registry.find('a')).configFor(platform);
    await registry.find('b');
    await registry.find('b', { username: 'ana', password: 'p' });
    expect(asked).toEqual(['a', 'a arm64', 'a amd64', 'b', 'b']);
  });

  it('asks again for what was not to be had', async () => {
    const { registry } = movingRegistry();
    await expect(registry.find('missing')).rejects.toThrow('missing@1');
    await expect(registry.find('missing')).rejects.toThrow('missing@2');
  });
});
