import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { busyboxImage, muslImage, pythonImage, staticImage } from '../docker/images.ts';
import { startRegistry } from '../docker/registry.ts';
import { nodeImage } from './node-image.ts';

/** Images of the tests in a registry of their own. */
export interface ServedImages {
  /** `127.0.0.1:{port}`. */
  readonly host: string;
  /** Ends the registry; what nodes pulled from it goes from the engine. */
  stop(): Promise<void>;
}

/** Serves the images that examples name of Docker Hub under the same names, and the others below `tools/`. */
export async function serveImages(engine: EngineClient): Promise<ServedImages> {
  const registry = await startRegistry();
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
  return {
    host,
    async stop() {
      await registry.stop();
      await removeImagesOf(engine, host);
    },
  };
}

async function removeImagesOf(engine: EngineClient, host: string): Promise<void> {
  const images = await engine.call<{ RepoDigests?: string[] | null }[]>('GET', '/images/json');
  for (const name of images.flatMap(({ RepoDigests: digests }) => digests ?? []))
    if (name.startsWith(`${host}/`))
      await engine.call('DELETE', `/images/${encodeURIComponent(name)}`).catch(() => undefined);
}
