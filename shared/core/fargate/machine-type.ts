import { type FargateSize, fargateSizes, smallestSize } from './fargate-size.ts';
import { machineFamilies, sharedCoreMachines } from './machine-families.ts';

export type Architecture = 'ARM64' | 'X86_64';

/** A machine type, as its name says. */
interface Machine {
  readonly cores: number;
  readonly memoryMib: number;
  readonly arm: boolean;
}

/** What a machine type is on Fargate, or why it cannot be had there. */
export type NodeMachine =
  | { readonly size: FargateSize; readonly architecture: Architecture }
  | { readonly refusal: string };

/** The words in which all machine types that can be named are told. */
const KNOWN =
  "one of Google's machine types up to 16 vCPUs and 120 GiB, such as e2-standard-4 or n2-custom-4-8192, or of Fargate's own, such as fargate-4-8192 or fargate-arm-4-8192";

/**
 * The smallest node that has what a machine type has. Names are Google's (`n2-standard-4`, `e2-micro`,
 * `n2-custom-4-8192-ext`), or Fargate's pairs as `sizeName` writes them.
 */
export function nodeMachine(machineType: string): NodeMachine {
  const own = fargateNames.get(machineType);
  if (own !== undefined) return own;
  const machine = parseMachineType(machineType);
  if ('refusal' in machine) return machine;
  const { cores, memoryMib, arm } = machine;
  const size = smallestSize(cores * 1000, memoryMib);
  if (size === undefined) {
    const has = `${cores} vCPUs and ${Math.round(memoryMib / 1024)} GiB`;
    return { refusal: `it has ${has}, and a node on Fargate has at most 16 vCPUs and 120 GiB` };
  }
  return { size, architecture: arm ? 'ARM64' : 'X86_64' };
}

/** The name of one of Fargate's sizes as a machine type, e.g. `fargate-4-8192`, `fargate-arm-0.25-512`. */
export function sizeName({ vcpu, memoryMib }: FargateSize, architecture: Architecture): string {
  return `fargate-${architecture === 'ARM64' ? 'arm-' : ''}${vcpu}-${memoryMib}`;
}

const fargateNames: ReadonlyMap<string, NodeMachine> = new Map(
  fargateSizes.flatMap((size) =>
    (['ARM64', 'X86_64'] as const).map((architecture) => [
      sizeName(size, architecture),
      { size, architecture },
    ]),
  ),
);

function parseMachineType(name: string): Machine | { refusal: string } {
  const shared = sharedCoreMachines[name];
  if (shared !== undefined) return { cores: shared.cores, memoryMib: shared.gib * 1024, arm: false };
  return parseCustom(name) ?? parsePredefined(name) ?? { refusal: `it is not known; allowed is ${KNOWN}` };
}

/** `custom-4-8192` is an n1; `-ext` allows more memory a core. `e2-custom-small-2048` shares a core. */
function parseCustom(name: string): Machine | undefined {
  const [, family = 'n1', cores = '', memory = ''] =
    /^(?:([a-z]\w+)-)?custom-(\d+|micro|small|medium)-(\d+)(?:-ext)?$/.exec(name) ?? [];
  if (cores === '' || machineFamilies[family]?.custom !== true) return undefined;
  const shared = sharedCoreMachines[`${family}-${cores}`]?.cores;
  const count = shared ?? Number(cores);
  if (!(count > 0) || Number(memory) === 0) return undefined;
  return { cores: count, memoryMib: Number(memory), arm: machineFamilies[family].arm === true };
}

function parsePredefined(name: string): Machine | { refusal: string } | undefined {
  const [, familyName = '', ratio = '', cores = '', rest = ''] =
    /^([a-z]\w+)-([a-z]+)-(\d+)(g?(?:-.+)?)$/.exec(name) ?? [];
  const family = machineFamilies[familyName];
  const gibACore = family?.ratios[ratio];
  if (family === undefined || gibACore === undefined) return undefined;
  // Of these the number counts GPUs, and there is none anyway.
  if (family.gpu) return { refusal: 'it has GPUs, and Fargate has none' };
  if (rest.includes('lssd')) return { refusal: 'it has local SSDs, which Fargate does not have' };
  if (!family.cores.includes(Number(cores)) || rest !== '') {
    return {
      refusal: `there is none of this size; ${familyName}-${ratio} has ${family.cores.join(', ')} vCPUs`,
    };
  }
  return { cores: Number(cores), memoryMib: Number(cores) * gibACore * 1024, arm: family.arm === true };
}
