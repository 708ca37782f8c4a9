import { beforeEach, describe, expect, it } from 'vitest';
import type { TaskRecord } from '../../shared/core/task/task-record.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob } from '../jobs-api/api-under-test.ts';
import { openSeat } from '../open-seat/open-seat.ts';
import { claimNode } from './claim-node.ts';
import { nodeStreams } from './node-streams.ts';

let api: ApiUnderTest;
let uid: string;

/** A node for a seat, the next one of it; the one before is lost. */
async function aNode(seat: number, logStream?: string) {
  const turn = { jobUid: uid, groupId: 'group0', seat };
  const opened = await openSeat(api.deps, 'here', turn);
  if (!opened.launch) throw new Error('the seat was to be opened');
  return claimNode(
    { ...api.deps, secretsOf: async () => ({}) },
    `Bearer ${opened.claim}`,
    logStream === undefined ? {} : { logStream },
  );
}

const names = async (whose: object = {}) =>
  (await nodeStreams(api.store, { jobUid: uid, ...whose })).map(({ key, name }) => `${key} ${name}`);

beforeEach(async () => {
  api = new ApiUnderTest(memoryStore({ maxWrites: 100 }));
  uid = await api.create('job', aJob({ taskCount: '4', parallelism: '2' }));
  await api.planOnFargate(uid, 2);
});

describe('the streams of a job', () => {
  it('are those of all its nodes, those that are gone too, each under a name that stays', async () => {
    await aNode(0, 'node/agent/one');
    await aNode(1, 'node/agent/two');
    expect(await names()).toEqual(['group0/0/0 node/agent/one', 'group0/1/0 node/agent/two']);
    await aNode(0, 'node/agent/three');
    await aNode(0, 'node/agent/four');
    expect(await names()).toEqual([
      'group0/0/0 node/agent/one',
      'group0/0/1 node/agent/three',
      'group0/0/2 node/agent/four',
      'group0/1/0 node/agent/two',
    ]);
  });

  it('are remembered while the next node of a seat is on its way, and passed over where a node has told none', async () => {
    await aNode(0, 'node/agent/one');
    await openSeat(api.deps, 'here', { jobUid: uid, groupId: 'group0', seat: 0 });
    await aNode(1);
    expect(await names()).toEqual(['group0/0/0 node/agent/one']);
  });

  it('are of one group, and of the nodes that had a task, once it has ended', async () => {
    const { instanceId } = await aNode(0, 'node/agent/one');
    await aNode(1, 'node/agent/two');
    const record = (state: TaskRecord['state']): TaskRecord => ({
      index: 0,
      state,
      attempts: [{ attempt: 0, zone: 'here', instanceId, assignedAt: 1 }],
    });
    await api.putTask(uid, record('FAILED'));
    expect(await names({ groupId: 'group0', task: 0 })).toEqual(['group0/0/0 node/agent/one']);
    expect(await names({ groupId: 'group0', task: 1 })).toHaveLength(2);
    expect(await names({ groupId: 'group1' })).toEqual([]);
  });

  it('are none of a job that is gone', async () => {
    expect(await nodeStreams(api.store, { jobUid: 'other' })).toEqual([]);
  });
});
