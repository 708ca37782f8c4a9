import { describe, expect, it } from 'vitest';
import { PeakMemory, parseStatus } from './peak-memory.ts';

describe("a process's status", () => {
  it('has its memory in bytes', () => {
    const status = 'Name:\tnode\nVmPeak:\t 900 kB\nVmHWM:\t   84 kB\nVmRSS:\t   42 kB\nThreads:\t7\n';
    expect(parseStatus(status)).toEqual({ resident: 42 * 1024, highWater: 84 * 1024 });
  });

  it('of a process that has ended has none', () => {
    expect(parseStatus('Name:\tsh\nState:\tZ (zombie)\n')).toBeUndefined();
  });
});

describe('peak memory', () => {
  it('of this process is what the kernel says, at most its high water', () => {
    const { peakMemory, highWaterMemory } = new PeakMemory([process.pid], { withChildren: false }).stop();
    expect(peakMemory).toBeGreaterThan(10e6);
    expect(highWaterMemory).toBeGreaterThanOrEqual(peakMemory);
  });

  it('of a process that is gone is nothing', () => {
    const memory = new PeakMemory([2 ** 22 + 1], { withChildren: true });
    expect(memory.stop()).toEqual({ peakMemory: 0, highWaterMemory: 0 });
  });
});
