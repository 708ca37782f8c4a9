import { limitsIn, type QueuedJob, type Wait } from './admit.ts';
import { nameOf, shown } from './amounts.ts';
import { type CapacityUse, usedIn } from './capacity-use.ts';
import type { UseLimits } from './use-limits.ts';

/** What a queued job waits for, in words that follow "the job …". `place` counts from 1. */
export function waitText(
  { wants, project }: QueuedJob,
  wait: Wait,
  place: number,
  use: CapacityUse,
  limits: UseLimits,
): string {
  const whose = wait.scope === 'deployment' ? '' : ` of ${wait.scope}`;
  const inQueue = `it is number ${place} in the queue`;
  if (wait.kind === 'kept')
    return `waits for room${whose} that is kept for ${wait.for}, which waits longer; ${inQueue}`;
  const of = wait.of;
  const limit = limitsIn(wait.scope, project, limits)[of] ?? 0;
  const free = shown(of, Math.max(0, limit - usedIn(use, wait.scope)[of]));
  const wanted = `it wants ${shown(of, wants[of])} of ${shown(of, limit)} and ${free} ${free === '1' ? 'is' : 'are'} free`;
  return `waits for ${nameOf(of)}${whose}: ${wanted}; ${inQueue}`;
}
