import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 50;

/** What the kernel says of a process's memory, in bytes. */
export interface ProcessMemory {
  readonly resident: number;
  readonly highWater: number;
}

/** Reads `/proc/PID/status`; undefined for a process that has no memory any more. */
export function parseStatus(status: string): ProcessMemory | undefined {
  const resident = kilobytes(status, 'VmRSS');
  const highWater = kilobytes(status, 'VmHWM');
  if (resident === undefined || highWater === undefined) return undefined;
  return { resident: resident * 1024, highWater: highWater * 1024 };
}

/** Follows the memory of processes, and of their children when asked, until it is stopped. */
export class PeakMemory {
  readonly #roots: readonly number[];
  readonly #withChildren: boolean;
  readonly #highWater = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(roots: readonly number[], { withChildren }: { withChildren: boolean }) {
    this.#roots = roots;
    this.#withChildren = withChildren;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  stop(): { peakMemory: number; highWaterMemory: number } {
    this.#sample();
    clearInterval(this.#timer);
    const highWaterMemory = [...this.#highWater.values()].reduce((sum, bytes) => sum + bytes, 0);
    return { peakMemory: this.#peak, highWaterMemory };
  }

  #sample(): void {
    let sum = 0;
    for (const root of this.#roots) {
      for (const pid of this.#withChildren ? [root, ...childrenOf(root)] : [root]) {
        const memory = memoryOf(pid);
        if (memory === undefined) continue;
        sum += memory.resident;
        this.#highWater.set(pid, memory.highWater);
      }
    }
    this.#peak = Math.max(this.#peak, sum);
  }
}

function memoryOf(pid: number): ProcessMemory | undefined {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) => {
      const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
      return children.split(' ').filter(Boolean).map(Number);
    });
  } catch {
    return [];
  }
}

function kilobytes(status: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}
