import { describe, expect, it } from 'vitest';
import { groupKey } from '../../shared/core/keys.ts';
import { EPOCHS_AT_MOST } from '../../shared/core/seat/seat-losses.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { claimNode } from '../claim-node/claim-node.ts';
import { closeSeat } from '../close-seat/close-seat.ts';
import { JobSpecs } from '../state-report/job-specs.ts';
import { reportState } from '../state-report/report-state.ts';
import { openSeat } from './open-seat.ts';
import { seatUnderTest } from './seat-under-test.ts';

const THROTTLED = { error: 'ECS.ThrottlingException', cause: 'Rate exceeded' };

const seats = seatUnderTest(() => memoryStore({ maxWrites: 100 }));
const { ports, turn, open, opened, claimed, seat, jobState } = seats;

describe('openSeat', () => {
  it('says what to run, as the plan has it', async () => {
    expect((await opened()).run).toEqual({
      taskDefinition: 'arn:task-definition/sluice-node-1:1',
      capacityProvider: 'FARGATE_SPOT',
      subnets: ['subnet-1'],
      securityGroups: ['sg-1'],
      assignPublicIp: 'ENABLED',
      tags: [{ Key: 'batch-job-id', Value: 'job' }],
    });
    expect((await seat()).node).toMatchObject({ zone: 'here', machineType: 'fargate-2-4096' });
  });

  it('opens an epoch with a claim that says nothing but where it belongs', async () => {
    const { epoch, claim } = await opened();
    expect(epoch).toBe(1);
    expect(claim).toMatch(new RegExp(`^sluice\\.${seats.uid}\\.group0\\.0\\.1\\.[\\w-]{43}$`));
    expect(await seat()).toMatchObject({ state: 'STARTING', epoch: 1 });
  });

  it('closes the epoch of an earlier call first', async () => {
    const first = await opened();
    expect((await opened()).epoch).toBe(2);
    await expect(claimed(first.claim)).rejects.toMatchObject({ status: 'UNAUTHENTICATED' });
  });

  it('opens none when nothing is left, when the group has ended, and when there is no such seat', async () => {
    await seats.api.changeSeat(seats.uid, 0, (record) => {
      record.unstarted = [];
    });
    expect(await open()).toMatchObject({ launch: false, later: false });
    await seats.api.changeGroup(seats.uid, (group) => {
      group.endedAt = 1;
    });
    expect(await open()).toMatchObject({ launch: false, later: false });
    expect(await openSeat(ports(), 'here', { ...turn(), seat: 7 })).toMatchObject({
      launch: false,
      later: false,
    });
  });

  it.each([
    { name: 'six losses in a row', change: { lossesInARow: 6 }, reason: '6 nodes in a row' },
    { name: 'the last epoch', change: { epoch: EPOCHS_AT_MOST }, reason: `has had ${EPOCHS_AT_MOST} nodes` },
  ])('gives the group up after $name', async ({ change, reason }) => {
    await seats.api.changeSeat(seats.uid, 0, (record) => Object.assign(record, change));
    expect(await open()).toMatchObject({ launch: false, later: false });
    const group = await seats.api.store.get(groupKey(seats.uid, 'group0'));
    expect(group?.body).toMatchObject({
      stop: { kind: 'NODES_LOST', reason: expect.stringContaining(reason) },
    });
  });
});

describe('claimNode', () => {
  it('gives a configuration whose token reports are taken with', async () => {
    const { claim } = await opened();
    const config = await claimed(claim);
    expect(config).toMatchObject({
      jobId: 'job',
      taskGroupId: 'group0',
      zone: 'here',
      parent: 'projects/p1/locations/us-central1',
    });
    const report = { ...seats.api.deps, specs: new JobSpecs(seats.api.store) };
    const answer = await reportState(report, `Bearer ${config.token}`, { agentInfo: { taskQueueSize: 4 } });
    expect(answer.tasks?.length).toBeGreaterThan(0);
    await expect(reportState(report, `Bearer ${claim}`, {})).rejects.toMatchObject({
      status: 'UNAUTHENTICATED',
    });
  });

  it('lets what runs on a Spot node go on for most of the notice that Spot gives', async () => {
    expect(await claimed((await opened()).claim)).toMatchObject({ isSpot: true, stopGraceMs: 90_000 });
    await seats.api.changeGroup(seats.uid, (group) =>
      Object.assign(group, { launch: { ...group.launch, capacityProvider: 'FARGATE' } }),
    );
    const other = await claimed((await opened()).claim);
    expect(other).not.toHaveProperty('stopGraceMs');
    expect(other).not.toHaveProperty('isSpot');
  });

  it('says whether what runs there must not be root', async () => {
    expect(await claimed((await opened()).claim)).not.toHaveProperty('runAsNonRoot');
    await seats.api.changeGroup(seats.uid, (group) => Object.assign(group, { runAsNonRoot: true }));
    expect((await claimed((await opened()).claim)).runAsNonRoot).toBe(true);
  });

  it('takes note of the zone that the node is in', async () => {
    const { claim } = await opened();
    const config = await claimNode(ports(), `Bearer ${claim}`, { zone: 'us-east-1b' });
    expect(config.zone).toBe('us-east-1b');
    expect((await seat()).node?.zone).toBe('us-east-1b');
  });

  it('takes a claim once, also when two come at the same time', async () => {
    const { claim } = await opened();
    const both = await Promise.allSettled([claimed(claim), claimed(claim)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(claimed(claim)).rejects.toThrow('has been used');
  });

  it.each(['', 'Bearer x', 'Bearer sluice.other.group0.0.1.secret'])('refuses %j', async (authorization) => {
    await opened();
    await expect(claimNode(ports(), authorization, {})).rejects.toMatchObject({ status: 'UNAUTHENTICATED' });
  });

  it('keeps no secret in the table but hashes', async () => {
    const { claim } = await opened();
    const { token } = await claimed(claim);
    const stored = JSON.stringify(await seats.api.store.changes(0, 1000));
    for (const secret of [claim, token]) expect(stored).not.toContain(secret.split('.').at(-1));
  });
});

describe('closeSeat', () => {
  it('wants another node while tasks are left, and says what happened', async () => {
    const { epoch } = await opened();
    const closed = await closeSeat(ports(), { ...turn(), epoch }, { error: 'States.TaskFailed', cause: '' });
    expect(closed).toEqual({ again: true, pauseSeconds: 1 });
    expect(await seat()).toMatchObject({ state: 'LOST', lossesInARow: 1 });
    expect(JSON.stringify(await jobState())).toContain('ended too early');
  });

  it('counts no loss for what AWS refused, and waits longer', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { epoch } = await opened();
      expect(await closeSeat(ports(), { ...turn(), epoch }, THROTTLED)).toEqual({
        again: true,
        pauseSeconds: 300,
      });
    }
    expect(await seat()).toMatchObject({ lossesInARow: 0, epoch: 8 });
  });

  it('is done when the group has ended, or the node has left nothing', async () => {
    const { epoch } = await opened();
    await seats.api.changeSeat(seats.uid, 0, (record) => {
      record.unstarted = [];
    });
    expect(await closeSeat(ports(), { ...turn(), epoch })).toMatchObject({ again: false });
    await seats.api.changeGroup(seats.uid, (group) => {
      group.endedAt = 1;
    });
    expect(await closeSeat(ports(), { ...turn(), epoch })).toMatchObject({ again: false });
  });

  it('leaves a seat alone that has gone on', async () => {
    const { epoch } = await opened();
    await opened();
    await closeSeat(ports(), { ...turn(), epoch });
    expect(await seat()).toMatchObject({ state: 'STARTING', epoch: 2 });
  });
});
