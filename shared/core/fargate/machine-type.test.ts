import { describe, expect, it } from 'vitest';
import { fargateSizes, priceOf, smallestSize } from './fargate-size.ts';
import { machineFamilies } from './machine-families.ts';
import { nodeMachine, sizeName } from './machine-type.ts';

describe('fargateSizes', () => {
  it('are the pairs that ECS takes', () => {
    const of = (vcpu: number) =>
      fargateSizes.filter((size) => size.vcpu === vcpu).map(({ memoryMib }) => memoryMib / 1024);
    expect(of(0.25)).toEqual([0.5, 1, 2]);
    expect(of(0.5)).toEqual([1, 2, 3, 4]);
    expect([of(1)[0], of(1).at(-1), of(1).length]).toEqual([2, 8, 7]);
    expect([of(2)[0], of(2).at(-1), of(2).length]).toEqual([4, 16, 13]);
    expect([of(4)[0], of(4).at(-1), of(4).length]).toEqual([8, 30, 23]);
    expect(of(8)).toEqual([16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60]);
    expect(of(16)).toEqual([32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120]);
  });

  it.each([
    [250, 512, 0.25, 512],
    [250, 2049, 0.5, 3072],
    [1000, 8192, 1, 8192],
    [1000, 8193, 2, 9216],
    [100, 122_880, 16, 122_880],
  ])('%i cpuMilli and %i MiB fit %f vCPUs with %i MiB', (cpu, memory, vcpu, memoryMib) => {
    expect(smallestSize(cpu, memory)).toEqual({ vcpu, memoryMib });
  });

  it('hold no more than the largest', () => {
    expect(smallestSize(16_001, 1)).toBeUndefined();
    expect(smallestSize(1, 122_881)).toBeUndefined();
  });

  it('cost more the more they have', () => {
    expect(priceOf({ vcpu: 2, memoryMib: 4096 })).toBeCloseTo(2.44);
  });
});

describe('nodeMachine', () => {
  it.each([
    ['e2-micro', 0.25, 1, 'X86_64'],
    ['e2-small', 0.5, 2, 'X86_64'],
    ['e2-medium', 1, 4, 'X86_64'],
    ['e2-standard-4', 4, 16, 'X86_64'],
    ['e2-highcpu-4', 4, 8, 'X86_64'],
    ['n1-standard-1', 1, 4, 'X86_64'],
    ['n1-highmem-8', 8, 52, 'X86_64'],
    ['n2-highmem-2', 2, 16, 'X86_64'],
    ['n2-custom-6-20480', 8, 20, 'X86_64'],
    ['custom-4-5120', 4, 8, 'X86_64'],
    ['n2-custom-2-24576-ext', 4, 24, 'X86_64'],
    ['e2-custom-small-2048', 0.5, 2, 'X86_64'],
    ['c2-standard-8', 8, 32, 'X86_64'],
    ['c4-highmem-2', 2, 16, 'X86_64'],
    ['t2d-standard-1', 1, 4, 'X86_64'],
    ['t2a-standard-4', 4, 16, 'ARM64'],
    ['c4a-highmem-8', 8, 64, 'ARM64'],
    ['fargate-0.25-512', 0.25, 0.5, 'X86_64'],
    ['fargate-arm-16-122880', 16, 120, 'ARM64'],
  ] as const)('%s has %f vCPUs and %f GiB of %s', (name, vcpu, gib, architecture) => {
    const size = smallestSize(vcpu * 1000, gib * 1024);
    expect(nodeMachine(name)).toEqual({ size, architecture });
  });

  it.each([
    ['n2-standard-32', /32 vCPUs and 128 GiB, and a node on Fargate has at most 16/],
    ['m1-ultramem-40', /at most 16 vCPUs and 120 GiB/],
    ['n2-highmem-16', /16 vCPUs and 128 GiB/],
    ['a2-highgpu-1g', /GPUs/],
    ['g2-standard-4', /GPUs/],
    ['c3-standard-4-lssd', /local SSDs/],
    ['e2-standard-3', /e2-standard has 2, 4, 8, 16, 32 vCPUs/],
    ['c2-highmem-4', /not known; allowed is .*e2-standard-4/],
    ['c2-custom-4-8192', /not known/],
    ['m5.large', /not known/],
    ['fargate-4-1024', /not known/],
  ])('refuses %s', (name, why) => {
    expect(nodeMachine(name)).toEqual({ refusal: expect.stringMatching(why) });
  });

  it('gives every machine that fits at least what it has', () => {
    for (const [family, { ratios, cores, gpu }] of Object.entries(machineFamilies)) {
      for (const [ratio, gib] of Object.entries(ratios)) {
        for (const count of cores) {
          const machine = nodeMachine(`${family}-${ratio}-${count}`);
          if ('refusal' in machine) expect(gpu || count > 16 || count * gib > 120).toBe(true);
          else {
            expect(machine.size.vcpu).toBeGreaterThanOrEqual(count);
            expect(machine.size.memoryMib).toBeGreaterThanOrEqual(count * gib * 1024);
          }
        }
      }
    }
  });

  it('reads the names that it writes', () => {
    for (const size of fargateSizes)
      expect(nodeMachine(sizeName(size, 'ARM64'))).toEqual({ size, architecture: 'ARM64' });
  });
});
