import { groupOutcome, groupTurn } from '../../shared/core/group/group-order.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import type { Item } from '../../shared/ports/store.ts';
import { loadGroups, loadJobHead } from '../load-job.ts';
import type { AdvancePorts } from './advance-group.ts';
import { stopGroup } from './stop-group.ts';

/**
 * Looks at a group that waits for others of its job: it begins once they are as it needs them, and is skipped when one of
 * them can no longer be. Returns whether it may run.
 */
export async function takeTurn(ports: AdvancePorts, item: Item<GroupRecord>): Promise<boolean> {
  const { store, workflow } = ports;
  const { jobUid, groupId, waitsFor = [], stop } = item.body;
  if (waitsFor.length === 0 || stop !== undefined) return true;
  const job = await loadJobHead(store, jobUid);
  if (job === undefined) return false;
  const groups = (await loadGroups(store, job.body)).map((group) => group.body);
  const outcomes = new Map<string, ReturnType<typeof groupOutcome>>();
  for (const { groupId: other } of waitsFor) {
    const group = groups.find((one) => one.groupId === other);
    if (group?.endedAt === undefined) continue;
    outcomes.set(other, groupOutcome(group, group.counts?.FAILED ?? 0));
  }
  const turn = groupTurn(waitsFor, (other) => outcomes.get(other));
  if (turn === undefined) return false;
  if (turn !== 'READY') {
    const { groupId: awaited, need, was } = turn;
    await stopGroup(ports, jobUid, groupId, { kind: 'SKIPPED', awaited, need, was });
    return false;
  }
  const { waitsFor: _, ...body } = item.body;
  await store.commit([{ pk: item.pk, sk: item.sk, body, ifVersion: item.version }]);
  await workflow.groupReady(jobUid, groupId);
  return false;
}
