import type { RequiredState } from '../job/dependencies.ts';
import type { GroupRecord } from './group-record.ts';

/** A group that another one of its job waits for. */
export interface AwaitedGroup {
  readonly groupId: string;
  readonly need: RequiredState;
}

export type GroupOutcome = 'SUCCEEDED' | 'FAILED' | 'SKIPPED';

/** How a group ended; undefined while it has not. A group that never had its turn is SKIPPED. */
export function groupOutcome(
  group: Pick<GroupRecord, 'endedAt' | 'stop'>,
  failed: number,
): GroupOutcome | undefined {
  if (group.endedAt === undefined) return undefined;
  if (group.stop?.kind === 'SKIPPED') return 'SKIPPED';
  return failed > 0 || group.stop !== undefined ? 'FAILED' : 'SUCCEEDED';
}

/**
 * Whether a group may begin: READY once all that it waits for is as it needs it; otherwise the first one that can no
 * longer be; undefined while it has to wait. What was skipped is neither SUCCEEDED nor FAILED, nor FINISHED.
 */
export function groupTurn(
  awaited: readonly AwaitedGroup[],
  outcomeOf: (groupId: string) => GroupOutcome | undefined,
): 'READY' | (AwaitedGroup & { was: GroupOutcome }) | undefined {
  let open = false;
  for (const one of awaited) {
    const was = outcomeOf(one.groupId);
    if (was === undefined) open = true;
    else if (was !== one.need && !(one.need === 'FINISHED' && was !== 'SKIPPED')) return { ...one, was };
  }
  return open ? undefined : 'READY';
}
