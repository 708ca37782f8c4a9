import type { ContainerSpec } from '../container-engine.ts';
import { labels } from './labels.ts';

/** What is known of a container beside its spec when it is created. */
export interface ContainerPlace {
  /** The image by its id, so that all runs of a node use the same. */
  readonly imageId: string;
  /** Processors of the engine's machine. */
  readonly processors: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Paths of the engine's machine, as `source:target` or `source:target:ro`; made where there are none. */
  readonly binds: readonly string[];
  /** Paths of the engine's machine that must be there. */
  readonly mounts: readonly BindMount[];
  readonly network: string;
}

export interface BindMount {
  readonly Type: 'bind';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: boolean;
}

/** The body of `POST /containers/create`, https://docs.docker.com/reference/api/engine/version/v1.41/#operation/ContainerCreate. */
export function createBody(spec: ContainerSpec, place: ContainerPlace): object {
  const { request, environment, source } = spec;
  const { options, commands, entrypoint } = request;
  return {
    Image: place.imageId,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Labels: { ...place.labels, [labels.task]: source.taskId, [labels.runnable]: String(source.runnable) },
    AttachStdout: true,
    AttachStderr: true,
    ...(commands.length > 0 ? { Cmd: commands } : {}),
    // To the engine a list of one empty word is an entry point, and it is none.
    ...(entrypoint === undefined ? {} : { Entrypoint: [entrypoint] }),
    ...(options.user === undefined ? {} : { User: options.user }),
    ...(options.workDir === undefined ? {} : { WorkingDir: options.workDir }),
    HostConfig: {
      Binds: place.binds,
      Mounts: place.mounts,
      NetworkMode: place.network,
      // Output is read as it comes, and is not to be kept twice.
      LogConfig: { Type: 'none' },
      ...(options.init ? { Init: true } : {}),
      ...(options.readOnly ? { ReadonlyRootfs: true } : {}),
      ...(options.shmBytes === undefined ? {} : { ShmSize: options.shmBytes }),
      Ulimits: options.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
      ...cpuLimit(spec.cpuMilli, place.processors),
      ...memoryLimit(spec.memoryMib),
    },
  };
}

/** The engine refuses to give more processors than there are. */
function cpuLimit(cpuMilli: number | undefined, processors: number): object {
  if (cpuMilli === undefined || cpuMilli >= processors * 1000) return {};
  return { NanoCpus: cpuMilli * 1_000_000 };
}

/** The engine takes no limit below 6 MiB. With swap the limit would be another on each machine. */
function memoryLimit(memoryMib: number | undefined): object {
  if (memoryMib === undefined) return {};
  const bytes = Math.max(6, memoryMib) * 2 ** 20;
  return { Memory: bytes, MemorySwap: bytes };
}
