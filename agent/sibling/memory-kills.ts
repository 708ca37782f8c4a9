import { readFileSync } from 'node:fs';

/** Where the kernel counts what it killed in this container for want of memory: in the newer hierarchy and the older. */
const COUNTS = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'];

/** Processes of this container killed for want of memory so far; 0 where nobody counts. */
export function memoryKills(): number {
  for (const file of COUNTS) {
    try {
      const count = /^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
      if (count !== undefined) return Number(count);
    } catch {
      // The other one.
    }
  }
  return 0;
}
