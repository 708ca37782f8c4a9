import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { registryAuth } from '../../agent/container/docker/registry-auth.ts';
import type { RegistryCredentials } from '../../shared/ports/image-registry.ts';
import { describeWithDocker } from './describe-with-docker.ts';
import { startFaultyRegistry } from './faulty-registry.ts';
import { busyboxImage, hasImage, testImages } from './images.ts';
import { startRegistry } from './registry.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

await describeWithDocker('Docker for tests', ({ engine }) => {
  it('has the images', async () => {
    for (const { name } of testImages) expect(await hasImage(engine, name), name).toBe(true);
    expect(await hasImage(engine, 'sluice-test/nothing:1')).toBe(false);
  });

  describe('its registry', async () => {
    const user = { username: 'ana', password: 'sesame' };
    const open = await startRegistry();
    const closed = await startRegistry(user);
    const faulty = await startFaultyRegistry(open.host);
    afterAll(async () => {
      await faulty.stop();
      await open.stop();
      await closed.stop();
    });

    it('serves what was pushed', async () => {
      const name = await open.push(engine, busyboxImage.name, 'tools/busybox:1');
      expect(await hasImage(engine, name)).toBe(false);
      expect(await pull(engine, name)).toContain('Digest: sha256:');
      await engine.call('DELETE', `/images/${name}`);
    });

    it('asks for a password where it has one', async () => {
      const name = await closed.push(engine, busyboxImage.name, 'tools/busybox:1');
      await expect(pull(engine, name)).rejects.toThrow('no basic auth credentials');
      expect(await pull(engine, name, user)).toContain('Digest: sha256:');
      await engine.call('DELETE', `/images/${name}`);
    });

    it.each([
      [404, 'manifest unknown'],
      [429, 'toomanyrequests'],
      [500, '500 Internal Server Error'],
    ] as const)('fails with %i as it is told, and then no more', async (status, message) => {
      await open.push(engine, busyboxImage.name, 'tools/busybox:1');
      const name = `${faulty.host}/tools/busybox:1`;
      const before = faulty.failed;
      faulty.fail(status, 1_000);
      await expect(pull(engine, name)).rejects.toThrow(new RegExp(message, 'i'));
      expect(faulty.failed).toBeGreaterThan(before);
      faulty.fail(status, 0);
      expect(await pull(engine, name)).toContain('Digest: sha256:');
      await engine.call('DELETE', `/images/${name}`);
    });
  });
});

async function pull(engine: EngineClient, name: string, user?: RegistryCredentials): Promise<string> {
  const said = await text(
    await engine.stream('POST', '/images/create', {
      query: { fromImage: name },
      headers: registryAuth(user),
    }),
  );
  const error = /"error":"([^"]*)"/.exec(said)?.[1];
  if (error !== undefined) throw new Error(error);
  return said;
}
