import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import type { RegistryCredentials } from '../../shared/ports/image-registry.ts';
import { busyboxImage, muslImage, pythonImage, staticImage } from '../docker/images.ts';
import { startRegistry } from '../docker/registry.ts';
import { nodeImage } from './node-image.ts';

/** A registry that wants a login, and the one that it takes. */
export interface PrivateRegistry {
  readonly host: string;
  readonly login: RegistryCredentials;
}

/** Images of the tests in registries of their own. */
export interface ServedImages {
  /** `127.0.0.1:{port}`. */
  readonly host: string;
  /** Has the image with the one static program, as `tools/static:1`. */
  readonly guarded: PrivateRegistry;
  /** Ends the registries; what nodes pulled from them goes from the engine. */
  stop(): Promise<void>;
}

/**
 * Serves the images that examples name of Docker Hub under the same names, and the others below `tools/`; and one in a registry
 * that wants a login.
 */
export async function serveImages(engine: EngineClient): Promise<ServedImages> {
  const registry = await startRegistry();
  const login = { username: 'ana', password: 'open-sesame' };
  const guarded = await startRegistry(login);
  const { host } = registry;
  const names = [
    [busyboxImage, 'library/busybox:latest'],
    [pythonImage, 'library/python:3.12-slim'],
    [staticImage, 'tools/static:1'],
    [muslImage, 'tools/musl:1'],
    // Nodes have it already; what it is made for is looked up.
    [nodeImage, nodeImage.name],
  ] as const;
  for (const [image, name] of names) await registry.push(engine, image.name, name);
  await guarded.push(engine, staticImage.name, 'tools/static:1');
  return {
    host,
    guarded: { host: guarded.host, login },
    async stop() {
      for (const one of [registry, guarded]) {
        await one.stop();
        await removeImagesOf(engine, one.host);
      }
    },
  };
}

async function removeImagesOf(engine: EngineClient, host: string): Promise<void> {
  const images = await engine.call<{ RepoDigests?: string[] | null; RepoTags?: string[] | null }[]>(
    'GET',
    '/images/json',
  );
  // Tags first: the name by digest goes with the last of them.
  for (const name of images.flatMap(({ RepoDigests, RepoTags }) => [
    ...(RepoTags ?? []),
    ...(RepoDigests ?? []),
  ]))
    if (name.startsWith(`${host}/`))
      await engine.call('DELETE', `/images/${encodeURIComponent(name)}`).catch(() => undefined);
}
