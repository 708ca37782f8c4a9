import { beforeEach, describe, expect, it } from 'vitest';
import { claimKey, groupKey, seatKey } from '../../shared/core/keys.ts';
import type { NodeStateName } from '../../shared/core/node/node-states.ts';
import { newSeat, type SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Store, Write } from '../../shared/ports/store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { aGroup } from '../../shared/testing/seat-samples.ts';
import { makeClaim, type NodeClaim } from '../claim-node/node-claim.ts';
import { ecsTaskEvent } from './ecs-task-event.ts';
import { watchNode } from './watch-node.ts';

const place = { jobUid: 'j-1', groupId: 'group0', seat: 0 };
const taskArn = 'arn:aws:ecs:us-east-1:123456789012:task/nodes/1';
const clock = ringingClock(() => 0);
let store: Store;
let claim: string;
let written: Write[];

beforeEach(async () => {
  written = [];
  store = memoryStore({ afterCommit: (writes) => void written.push(...writes) });
  const key = groupKey(place.jobUid, place.groupId);
  await store.commit([{ ...key, body: aGroup(place), ifVersion: 0 }]);
  claim = await makeClaim({ store, clock }, { ...place, epoch: 2 });
  await putSeat('RUNNING');
});

async function putSeat(state: NodeStateName, epoch = 2): Promise<void> {
  const key = seatKey(place.jobUid, place.groupId, place.seat);
  const body: SeatRecord = { ...newSeat({ ...place, slots: 1, unstarted: [] }), epoch, state };
  await store.commit([{ ...key, body, ifVersion: (await store.get(key))?.version ?? 0 }]);
}

/** An event as EventBridge delivers it. */
const event = (version: number, detail: object = {}, name = 'SLUICE_CLAIM') =>
  ecsTaskEvent.parse({
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    detail: {
      taskArn,
      clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/nodes',
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      version,
      overrides: { containerOverrides: [{ name: 'agent', environment: [{ name, value: claim }] }] },
      ...detail,
    },
  });
const watch = (...events: ReturnType<typeof event>[]) =>
  events.reduce((before, one) => before.then(() => watchNode({ store, clock }, one)), Promise.resolve());
const noted = async () => (await store.get<NodeClaim>(claimKey(place)))?.body;
const stateOf = async () => (await store.get<SeatRecord>(seatKey('j-1', 'group0', 0)))?.body.state;
const interrupted = {
  desiredStatus: 'STOPPED',
  stopCode: 'SpotInterruption',
  stoppedReason: 'Your Spot Task was interrupted.',
};

describe('what ECS says of a node', () => {
  it('is noted with its claim, which stays good', async () => {
    await watch(event(3));
    expect(await noted()).toMatchObject({ taskArn, ecs: { version: 3, status: 'RUNNING' } });
    expect((await noted())?.hash).toBeDefined();
  });

  it('is the newest of all that came, in whatever order', async () => {
    await watch(event(5, interrupted), event(3), event(4, { lastStatus: 'PENDING' }));
    expect((await noted())?.ecs).toEqual({
      version: 5,
      status: 'RUNNING',
      stopCode: 'SpotInterruption',
      reason: 'Your Spot Task was interrupted.',
    });
  });

  it('of an epoch that is over, or of a task that is no node, changes nothing', async () => {
    const old = event(9, interrupted);
    await makeClaim({ store, clock }, { ...place, epoch: 3 });
    await putSeat('RUNNING', 3);
    await watch(old, event(9, interrupted, 'OTHER'), event(9, { overrides: undefined }));
    expect((await noted())?.ecs).toBeUndefined();
    expect(await stateOf()).toBe('RUNNING');
  });
});

describe('a node that is being taken away', () => {
  it.each(['SpotInterruption', 'TerminationNotice', 'UserInitiated'])(
    'by %s gets no further tasks',
    async (stopCode) => {
      await watch(event(4, { ...interrupted, stopCode }));
      expect(await stateOf()).toBe('DRAINING');
    },
  );

  it('is told of: the write says that a node has changed', async () => {
    await watch(event(4, interrupted));
    expect(written.at(-1)).toMatchObject({ ...seatKey('j-1', 'group0', 0), signal: 'node' });
  });

  it('drains also when that is said again, after a try that broke off in between', async () => {
    await watch(event(4, interrupted));
    await putSeat('RUNNING');
    await watch(event(4, interrupted));
    expect(await stateOf()).toBe('DRAINING');
  });

  it.each<[string, object]>([
    [
      'has ended by itself',
      { desiredStatus: 'STOPPED', lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' },
    ],
    ['is ending by itself', { desiredStatus: 'STOPPED', stopCode: 'EssentialContainerExited' }],
    ['is gone', { ...interrupted, lastStatus: 'STOPPED' }],
  ])('does not drain when it %s', async (_, detail) => {
    await watch(event(4, detail));
    expect(await stateOf()).toBe('RUNNING');
  });

  it.each<NodeStateName>(['LOST', 'STOPPED'])('stays %s', async (state) => {
    await putSeat(state);
    await watch(event(4, interrupted));
    expect(await stateOf()).toBe(state);
  });
});
