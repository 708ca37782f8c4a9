import { type Amounts, type Dimension, nothing, plus, tooLittle } from './amounts.ts';
import {
  type CapacityUse,
  type Hold,
  reservationId,
  type Scope,
  scopesOf,
  take,
  usedIn,
} from './capacity-use.ts';
import { projectLimits, type UseLimits } from './use-limits.ts';

/** A job that waits for room. */
export interface QueuedJob {
  readonly uid: string;
  readonly project: string;
  readonly wants: Amounts;
  /** When it was created, epoch milliseconds. */
  readonly createdAt: number;
}

/** Why a job waits: there is too little of something where a limit holds, or what there is, is kept for another job. */
export type Wait =
  | { readonly kind: 'room'; readonly scope: Scope; readonly of: Dimension }
  | { readonly kind: 'kept'; readonly scope: Scope; readonly for: string };

export interface Admission {
  /** In the order of their admission. */
  readonly admitted: readonly Hold[];
  /** Why the others wait, by uid, in the order of the queue. */
  readonly waiting: ReadonlyMap<string, Wait>;
  /** What is taken and kept when all that were admitted have been. */
  readonly use: CapacityUse;
}

/** How long a job at the head lets others pass where they fit, before room is kept for it. */
export const PATIENCE_MS = 10 * 60_000;

/**
 * Admits jobs in the order of the queue (higher priority first, then the earlier one), each if it fits its project's limits
 * and the deployment's. The first one that does not fit a limit is that limit's head. Those behind it may pass where
 * they fit. But once the head is older than PATIENCE_MS, room is kept for it: of what all that pass it take together, so
 * much stays free that it fits beside them. So it waits at most for jobs that were running by then, however long
 * the others run, and nothing has to be known of run times.
 *
 * At most `most` jobs are admitted; those that come after the last of them are not looked at.
 */
export function admit(
  queue: readonly QueuedJob[],
  before: CapacityUse,
  limits: UseLimits,
  now: number,
  most = Number.POSITIVE_INFINITY,
): Admission {
  const admitted: Hold[] = [];
  const waiting = new Map<string, Wait>();
  const heads = new Map<Scope, QueuedJob>();
  let use: CapacityUse = { used: before.used, reserved: {} };
  for (const job of queue) {
    // The heads may come later: what is kept for them stays so.
    if (admitted.length >= most)
      return { admitted, waiting, use: { ...use, reserved: { ...before.reserved, ...use.reserved } } };
    const lack = lackingRoom(job, use, limits);
    const wait = lack[0] ?? keptForOthers(job, use, heads, limits);
    if (wait === undefined) {
      const hold = holdOf(job, use);
      admitted.push(hold);
      use = take(use, hold);
      continue;
    }
    waiting.set(job.uid, wait);
    for (const { scope } of lack) {
      // One that is larger than all there is, as limits can be lowered, would bar the others for nothing.
      if (heads.has(scope) || isTooLarge(job, scope, limits)) continue;
      heads.set(scope, job);
      if (now - job.createdAt >= PATIENCE_MS) use = keepRoom(use, scope, job, before, now);
    }
  }
  return { admitted, waiting, use };
}

function lackingRoom(job: QueuedJob, use: CapacityUse, limits: UseLimits): (Wait & { kind: 'room' })[] {
  return scopesOf(job.project).flatMap((scope) => {
    const of = tooLittle(plus(usedIn(use, scope), job.wants), limitsIn(scope, job.project, limits));
    return of === undefined ? [] : [{ kind: 'room' as const, scope, of }];
  });
}

function isTooLarge({ wants, project }: QueuedJob, scope: Scope, limits: UseLimits): boolean {
  return tooLittle(wants, limitsIn(scope, project, limits)) !== undefined;
}

/** Whether a job would take what is kept for one before it. */
function keptForOthers(
  job: QueuedJob,
  use: CapacityUse,
  heads: ReadonlyMap<Scope, QueuedJob>,
  limits: UseLimits,
): Wait | undefined {
  for (const scope of scopesOf(job.project)) {
    const kept = use.reserved[scope];
    const head = heads.get(scope);
    if (kept === undefined || head === undefined) continue;
    const together = plus(plus(kept.past, head.wants), job.wants);
    if (tooLittle(together, limitsIn(scope, job.project, limits)) !== undefined)
      return { kind: 'kept', scope, for: head.uid };
  }
  return undefined;
}

function keepRoom(
  use: CapacityUse,
  scope: Scope,
  { uid }: QueuedJob,
  before: CapacityUse,
  now: number,
): CapacityUse {
  const earlier = before.reserved[scope];
  const kept = earlier?.uid === uid ? earlier : { uid, since: now, past: nothing };
  return { ...use, reserved: { ...use.reserved, [scope]: kept } };
}

function holdOf({ uid, project, wants }: QueuedJob, { reserved }: CapacityUse): Hold {
  const passed = scopesOf(project).flatMap((scope) => {
    const kept = reserved[scope];
    return kept === undefined ? [] : [[scope, reservationId(kept)] as const];
  });
  const hold = { uid, project, amounts: wants };
  return passed.length === 0 ? hold : { ...hold, past: Object.fromEntries(passed) };
}

/** The limits that hold in a scope. */
export function limitsIn(scope: Scope, project: string, limits: UseLimits) {
  return scope === 'deployment' ? limits.deployment : projectLimits(limits, project);
}
