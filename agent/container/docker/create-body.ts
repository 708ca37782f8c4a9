import { containerUser, NON_ROOT_HOME } from '../../../shared/core/container/non-root.ts';
import type { ContainerSpec } from '../container-engine.ts';
import type { EngineImage } from './image-store.ts';
import { labels } from './labels.ts';

/** What is known of a container beside its spec when it is created. */
export interface ContainerPlace {
  readonly image: EngineImage;
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
  const user = userOf(spec, place.image);
  return {
    // By its id, so that all runs of a node use the same.
    Image: place.image.id,
    Env: Object.entries({ ...user.environment, ...environment }).map(([name, value]) => `${name}=${value}`),
    Labels: { ...place.labels, [labels.task]: source.taskId, [labels.runnable]: String(source.runnable) },
    AttachStdout: true,
    AttachStderr: true,
    ...(commands.length > 0 ? { Cmd: commands } : {}),
    // To the engine a list of one empty word is an entry point, and it is none.
    ...(entrypoint === undefined ? {} : { Entrypoint: [entrypoint] }),
    ...(user.name === undefined ? {} : { User: user.name }),
    ...(options.workDir === undefined ? {} : { WorkingDir: options.workDir }),
    HostConfig: {
      Binds: place.binds,
      Mounts: place.mounts,
      NetworkMode: place.network,
      // Output is read as it comes, and is not to be kept twice.
      LogConfig: { Type: 'none' },
      // Programs that would give their caller another's rights give none.
      ...(spec.isNonRoot ? { SecurityOpt: ['no-new-privileges'] } : {}),
      ...(options.init ? { Init: true } : {}),
      ...(options.readOnly ? { ReadonlyRootfs: true } : {}),
      ...(options.shmBytes === undefined ? {} : { ShmSize: options.shmBytes }),
      Ulimits: options.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
      ...cpuLimit(spec.cpuMilli, place.processors),
      ...memoryLimit(spec.memoryMib),
    },
  };
}

/** Whom a container runs as: as Docker has it, unless that is root and must not be. */
export function userOf(
  { request, isNonRoot }: Pick<ContainerSpec, 'request' | 'isNonRoot'>,
  image: EngineImage,
): { readonly name: string | undefined; readonly environment: Readonly<Record<string, string>> } {
  const wished = request.options.user;
  if (!isNonRoot) return { name: wished, environment: {} };
  const { user, isOurs } = containerUser(wished, image.user);
  return { name: user, environment: isOurs && !image.setsHome ? { HOME: NON_ROOT_HOME } : {} };
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
