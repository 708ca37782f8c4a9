/** A family of Google's machine types: `{family}-{ratio}-{cores}`. */
export interface MachineFamily {
  /** GiB of memory a core, by the word in the type's name. */
  readonly ratios: Readonly<Record<string, number>>;
  /** The numbers of cores that there are. */
  readonly cores: readonly number[];
  readonly arm?: true;
  /** Machines with GPUs. */
  readonly gpu?: true;
  /** Custom types exist: `{family}-custom-{cores}-{MiB}`. */
  readonly custom?: true;
}

/**
 * Machine families of Compute Engine (its pages "general-purpose", "compute-optimized" and "memory-optimized machine
 * families"). Where memory is no even multiple of the cores the largest ratio of the series stands here: a node has at
 * least what the machine has.
 */
export const machineFamilies: Readonly<Record<string, MachineFamily>> = {
  e2: { ratios: { standard: 4, highmem: 8, highcpu: 1 }, cores: [2, 4, 8, 16, 32], custom: true },
  n1: {
    ratios: { standard: 3.75, highmem: 6.5, highcpu: 0.9 },
    cores: [1, 2, 4, 8, 16, 32, 64, 96],
    custom: true,
  },
  n2: {
    ratios: { standard: 4, highmem: 8, highcpu: 1 },
    cores: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128],
    custom: true,
  },
  n2d: {
    ratios: { standard: 4, highmem: 8, highcpu: 1 },
    cores: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224],
    custom: true,
  },
  n4: {
    ratios: { standard: 4, highmem: 8, highcpu: 2 },
    cores: [2, 4, 8, 16, 32, 48, 64, 80],
    custom: true,
  },
  n4d: {
    ratios: { standard: 4, highmem: 8, highcpu: 2 },
    cores: [2, 4, 8, 16, 32, 48, 64, 80, 96],
    custom: true,
  },
  n4a: {
    ratios: { standard: 4, highmem: 8, highcpu: 2 },
    cores: [1, 2, 4, 8, 16, 32, 48, 64],
    custom: true,
    arm: true,
  },
  c2: { ratios: { standard: 4 }, cores: [4, 8, 16, 30, 60] },
  c2d: { ratios: { standard: 4, highmem: 8, highcpu: 2 }, cores: [2, 4, 8, 16, 32, 56, 112] },
  c3: { ratios: { standard: 4, highmem: 8, highcpu: 2 }, cores: [4, 8, 22, 44, 88, 176, 192] },
  c3d: { ratios: { standard: 4, highmem: 8, highcpu: 2 }, cores: [4, 8, 16, 30, 60, 90, 180, 360] },
  c4: {
    ratios: { standard: 3.75, highmem: 7.75, highcpu: 2 },
    cores: [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288],
  },
  c4d: {
    ratios: { standard: 3.875, highmem: 7.875, highcpu: 1.875 },
    cores: [2, 4, 8, 16, 32, 48, 64, 96, 192, 384],
  },
  c4a: {
    ratios: { standard: 4, highmem: 8, highcpu: 2 },
    cores: [1, 2, 4, 8, 16, 32, 48, 64, 72],
    arm: true,
  },
  t2d: { ratios: { standard: 4 }, cores: [1, 2, 4, 8, 16, 32, 48, 60] },
  t2a: { ratios: { standard: 4 }, cores: [1, 2, 4, 8, 16, 32, 48], arm: true },
  h3: { ratios: { standard: 4 }, cores: [88] },
  h4d: { ratios: { standard: 4, highmem: 8 }, cores: [192] },
  z3: { ratios: { highmem: 8 }, cores: [8, 14, 16, 22, 32, 36, 44, 72, 88, 176, 192] },
  m1: { ratios: { ultramem: 24.025, megamem: 14.94 }, cores: [40, 80, 96, 160] },
  m2: { ratios: { ultramem: 28.31, megamem: 14.16, hypermem: 21.24 }, cores: [208, 416] },
  m3: { ratios: { ultramem: 30.5, megamem: 15.25 }, cores: [32, 64, 128] },
  m4: { ratios: { ultramem: 26.58, megamem: 13.29, hypermem: 16 }, cores: [16, 28, 32, 56, 64, 112, 224] },
  a2: { ratios: { highgpu: 7.09, megagpu: 14.17, ultragpu: 14.17 }, cores: [12, 24, 48, 96], gpu: true },
  a3: {
    ratios: { highgpu: 9, megagpu: 9, edgegpu: 9, ultragpu: 13.2 },
    cores: [26, 52, 104, 208],
    gpu: true,
  },
  a4: { ratios: { highgpu: 17.75 }, cores: [224], gpu: true },
  g2: { ratios: { standard: 4 }, cores: [4, 8, 12, 16, 24, 32, 48, 96], gpu: true },
  g4: { ratios: { standard: 3.75 }, cores: [48, 96, 192, 384], gpu: true },
};

/** Machines that share a core: the part of it that they may use all the time, and GiB. */
export const sharedCoreMachines: Readonly<Record<string, { readonly cores: number; readonly gib: number }>> =
  {
    'e2-micro': { cores: 0.25, gib: 1 },
    'e2-small': { cores: 0.5, gib: 2 },
    'e2-medium': { cores: 1, gib: 4 },
    'f1-micro': { cores: 0.2, gib: 0.6 },
    'g1-small': { cores: 0.5, gib: 1.7 },
  };
