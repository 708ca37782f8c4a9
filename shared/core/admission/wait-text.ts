import { type Admission, limitsIn, type QueuedJob } from './admit.ts';
import { nameOf, shown } from './amounts.ts';
import { usedIn } from './capacity-use.ts';
import type { UseLimits } from './use-limits.ts';

/**
 * What a queued job waits for and its place among those that wait, from 1, in words that follow "the job …"; undefined
 * for one that does not wait.
 */
export function waitText(
  { uid, wants, project }: QueuedJob,
  { waiting, use }: Pick<Admission, 'waiting' | 'use'>,
  limits: UseLimits,
): string | undefined {
  const wait = waiting.get(uid);
  if (wait === undefined) return undefined;
  const place = [...waiting.keys()].indexOf(uid) + 1;
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
