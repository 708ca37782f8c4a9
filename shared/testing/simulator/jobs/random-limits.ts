import type { UseLimits } from '../../../core/admission/use-limits.ts';
import type { MachineCapacity } from '../../../core/plan.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** Groups of one job that may be there at once: each of them wants a node. */
export const GROUPS_AT_MOST = 3;

/** Limits that leave every job a chance, and few of them the room that they want. */
export function randomLimits(random: SeededRandom, { maxNodes, nodeCores }: MachineCapacity): UseLimits {
  const nodes = () => random.between(GROUPS_AT_MOST, Math.max(GROUPS_AT_MOST, maxNodes));
  return {
    deployment: {
      nodes: maxNodes,
      ...(random.chance(0.3) ? { jobs: random.between(1, 3) } : {}),
      ...(random.chance(0.3) ? { cpuMilli: nodes() * nodeCores * 1000 } : {}),
    },
    projects: {
      ...(random.chance(0.3) ? { p: { nodes: nodes() } } : {}),
      ...(random.chance(0.3) ? { '*': { jobs: random.between(1, 2) } } : {}),
    },
  };
}
