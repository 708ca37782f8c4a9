/** What one Fargate task can be given. */
export interface FargateSize {
  /** 0.25 to 16. */
  readonly vcpu: number;
  readonly memoryMib: number;
}

/** GiB of memory that go with a number of vCPUs (ECS developer guide, "Task CPU and memory"). */
const memoryOf: readonly (readonly [vcpu: number, gib: readonly number[]])[] = [
  [0.25, [0.5, 1, 2]],
  [0.5, steps(1, 4, 1)],
  [1, steps(2, 8, 1)],
  [2, steps(4, 16, 1)],
  [4, steps(8, 30, 1)],
  [8, steps(16, 60, 4)],
  [16, steps(32, 120, 8)],
];

/** All pairs, from the fewest vCPUs and the least memory on. */
export const fargateSizes: readonly FargateSize[] = memoryOf.flatMap(([vcpu, gibs]) =>
  gibs.map((gib) => ({ vcpu, memoryMib: gib * 1024 })),
);

export const largestSize = fargateSizes.at(-1) as FargateSize;

/** GiB of a task's own disk; the first 20 are in the price (ECS developer guide, "Fargate task ephemeral storage"). */
export const storageGib = { least: 20, most: 200 } as const;

/** The smallest pair that holds so much, or undefined when none does. */
export function smallestSize(cpuMilli: number, memoryMib: number): FargateSize | undefined {
  return fargateSizes.find((size) => size.vcpu * 1000 >= cpuMilli && size.memoryMib >= memoryMib);
}

/** Price of a GiB of memory in prices of a vCPU: $0.004445 to $0.04048 an hour; on ARM, and on Spot, nearly the same. */
const GIB_TO_VCPU = 0.11;

/** What a node of this size costs an hour, in prices of one vCPU. */
export function priceOf({ vcpu, memoryMib }: FargateSize): number {
  return vcpu + (memoryMib / 1024) * GIB_TO_VCPU;
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, step) => from + step * by);
}
