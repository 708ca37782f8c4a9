import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures were taken on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly date: string;
  /** Processes that wanted a core in the last minute before the benchmark: near 0 on a quiet machine. */
  readonly loadBefore: number;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

export function machineLine({ cpu, cores, memoryGb, kernel, node, date, loadBefore }: Machine): string {
  const parts = [`${cpu}, ${cores} cores, ${memoryGb} GiB`, kernel, `Node.js ${node}`, date];
  return `${parts.join('; ')}; load before the run ${loadBefore}.`;
}
