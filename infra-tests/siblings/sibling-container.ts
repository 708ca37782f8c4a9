import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { siblingImageOf, wrapperCommand } from '../../shared/core/container/sibling-image.ts';
import { IMAGE_VARIABLE, SIBLING_PLACES } from '../../shared/core/container/sibling-places.ts';

interface ImageAnswer {
  readonly Config: {
    readonly Entrypoint?: string[];
    readonly Cmd?: string[];
    readonly User?: string;
    readonly WorkingDir?: string;
    readonly Env?: string[];
  };
}

/** Starts a sibling container as ECS does for a node's task definition; returns its id. */
export async function startContainer(
  engine: EngineClient,
  {
    runtime,
    channel,
    image,
    readOnly = false,
    memoryMib,
  }: { runtime: string; channel: string; image: string; readOnly?: boolean; memoryMib?: number },
): Promise<string> {
  const { Config: config } = await engine.call<ImageAnswer>('GET', `/images/${image}/json`);
  const { variable, taken } = siblingImageOf({
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    user: config.User ?? '',
    workingDir: config.WorkingDir ?? '',
    env: config.Env ?? [],
  });
  const { Id: container } = await engine.call<{ Id: string }>('POST', '/containers/create', {
    body: {
      Image: image,
      User: '0',
      Entrypoint: wrapperCommand(),
      Cmd: [],
      Env: [`${IMAGE_VARIABLE}=${variable}`, ...taken.map((name) => `${name}=`)],
      Labels: { 'sluice-test': 'sibling' },
      HostConfig: {
        Init: true,
        NetworkMode: 'none',
        ReadonlyRootfs: readOnly,
        ...(memoryMib === undefined ? {} : { Memory: memoryMib * 2 ** 20 }),
        Binds: [`${runtime}:${SIBLING_PLACES.runtime}:ro`, `${channel}:${SIBLING_PLACES.channel}:ro`],
      },
    },
  });
  await engine.call('POST', `/containers/${container}/start`);
  return container;
}
