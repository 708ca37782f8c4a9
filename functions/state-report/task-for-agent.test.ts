import { expect, it } from 'vitest';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { newSeat } from '../../shared/core/seat/seat-record.ts';
import { completeTask } from './task-for-agent.ts';

const group: GroupRecord = {
  ...{ jobUid: 'u', groupId: 'group0', project: 'p', location: 'l', jobId: 'j' },
  ...{ taskCount: 1, seatCount: 1, taskPack: 1, barriers: [], reachedBarrier: 0, failFast: false },
  retry: { maxRetryCount: 0 },
};
const seat = newSeat({ jobUid: 'u', groupId: 'group0', seat: 0, slots: 1, unstarted: [] });
const wished = { taskSpec: { runnables: [{ script: { text: 'id' } }] } };
const given = (more: Partial<GroupRecord>) =>
  completeTask({ ...group, ...more }, seat, { index: 0, attempt: 0 } as never, wished).agentTaskSpec;

it('an agent of others is told as whom to run a task that must not be root', () => {
  expect(given({})).not.toHaveProperty('userAccount');
  expect(given({ runAsNonRoot: true })).toMatchObject({ userAccount: { uid: '48484', gid: '48484' } });
});
