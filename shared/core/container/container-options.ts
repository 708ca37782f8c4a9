/** A limit of a process's resources, as `ulimit` sets it; -1 is no limit. */
export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export const containerNetworks = ['bridge', 'host', 'none'] as const;
export type ContainerNetwork = (typeof containerNetworks)[number];

/** What `container.options` may ask for: those options of `docker run` that mean the same wherever a container runs. */
export interface ContainerOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** `name|uid[:group|gid]`. */
  readonly user?: string;
  readonly workDir?: string;
  /** Empty: the image's own is not used. */
  readonly entrypoint?: string;
  readonly shmBytes?: number;
  readonly ulimits: readonly Ulimit[];
  /** A small init is process 1: it passes signals on and reaps what is left. */
  readonly init: boolean;
  readonly network?: ContainerNetwork;
  /** The image's files cannot be written. */
  readonly readOnly: boolean;
  /** As in `container.volumes`. */
  readonly volumes: readonly string[];
}
