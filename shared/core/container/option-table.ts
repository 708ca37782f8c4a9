import { type ContainerNetwork, type ContainerOptions, containerNetworks } from './container-options.ts';

/** A word of a command line, as an option's name and the value that stands in the same word. */
export interface OptionWord {
  readonly name: string;
  readonly value: string | undefined;
}

/** Options while they are read. */
export type TakenOptions = {
  -readonly [Field in keyof ContainerOptions]: ContainerOptions[Field] extends readonly (infer One)[]
    ? One[]
    : ContainerOptions[Field] extends Readonly<Record<string, string>>
      ? Record<string, string>
      : ContainerOptions[Field];
};

interface Option {
  readonly names: readonly string[];
  /** Stands alone, or with `=true` or `=false`. */
  readonly isFlag?: true;
  /** Why it is known and yet cannot be given. */
  readonly refused?: string;
  /** Takes a value in; returns what it must be when it is not. */
  readonly take: (options: TakenOptions, value: string) => string | undefined;
}

/** The options of `docker run` that are known, https://docs.docker.com/reference/cli/docker/container/run/. */
export const optionTable: readonly Option[] = [
  { names: ['--env', '-e'], take: takeVariable },
  { names: ['--user', '-u'], take: (options, value) => takeText(options, 'user', value) },
  { names: ['--workdir', '-w'], take: takeWorkDir },
  {
    names: ['--entrypoint'],
    take(options, value) {
      options.entrypoint = value;
      return undefined;
    },
  },
  { names: ['--shm-size'], take: takeShmSize },
  { names: ['--ulimit'], take: takeUlimit },
  { names: ['--init'], isFlag: true, take: (options, value) => takeFlag(options, 'init', value) },
  { names: ['--network', '--net'], take: takeNetwork },
  { names: ['--read-only'], isFlag: true, take: (options, value) => takeFlag(options, 'readOnly', value) },
  {
    names: ['--volume', '-v'],
    take(options, value) {
      options.volumes.push(value);
      return undefined;
    },
  },
  { names: ['--gpus'], refused: 'cannot be given: nodes have no GPUs', take: () => undefined },
];

function takeVariable(options: TakenOptions, value: string): string | undefined {
  const [, name, text] = /^([^=]+)=([\s\S]*)$/.exec(value) ?? [];
  // Without a value Docker's command takes the variable from its own environment; a node has none of the user's.
  if (name === undefined || text === undefined) return 'must be NAME=VALUE';
  options.environment[name] = text;
  return undefined;
}

function takeText(options: TakenOptions, field: 'user' | 'workDir', value: string): string | undefined {
  if (value === '') return 'must not be empty';
  options[field] = value;
  return undefined;
}

function takeWorkDir(options: TakenOptions, value: string): string | undefined {
  return value.startsWith('/') ? takeText(options, 'workDir', value) : 'must be an absolute path';
}

function takeFlag(options: TakenOptions, field: 'init' | 'readOnly', value: string): undefined {
  options[field] = value === 'true';
}

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

function takeShmSize(options: TakenOptions, value: string): string | undefined {
  const [, size, unit = 'b'] = /^(\d+)([bkmg])?b?$/i.exec(value) ?? [];
  const bytes = Number(size) * (UNITS[unit.toLowerCase()] ?? 1);
  if (!(bytes > 0)) return 'must be a size such as 64m (units b, k, m, g)';
  options.shmBytes = bytes;
  return undefined;
}

const ULIMITS = [
  ...['as', 'core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue'],
  ...['nice', 'nofile', 'nproc', 'rss', 'rtprio', 'rttime', 'sigpending', 'stack'],
];

function takeUlimit(options: TakenOptions, value: string): string | undefined {
  const [, name = '', softText = '', hardText = softText] =
    /^([a-z]+)=(-1|\d+)(?::(-1|\d+))?$/.exec(value) ?? [];
  if (!ULIMITS.includes(name)) return `must be NAME=SOFT[:HARD] with one of ${ULIMITS.join(', ')}`;
  const [soft, hard] = [Number(softText), Number(hardText)];
  if (hard !== -1 && (soft === -1 || soft > hard))
    return 'must have a soft limit that is at most the hard one';
  options.ulimits.push({ name, soft, hard });
  return undefined;
}

function takeNetwork(options: TakenOptions, value: string): string | undefined {
  const network = value === 'default' ? 'bridge' : value;
  if (!isNetwork(network)) return `must be one of ${containerNetworks.join(', ')}`;
  options.network = network;
  return undefined;
}

function isNetwork(value: string): value is ContainerNetwork {
  return (containerNetworks as readonly string[]).includes(value);
}
