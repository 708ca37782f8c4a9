import { beforeEach, describe, expect, it } from 'vitest';
import { groupKey, launchesKey, seatKey } from '../../shared/core/keys.ts';
import { EPOCHS_AT_MOST } from '../../shared/core/seat/seat-losses.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { noLogs } from '../../shared/testing/no-logs.ts';
import { claimNode } from '../claim-node/claim-node.ts';
import { closeSeat } from '../close-seat/close-seat.ts';
import { giveUpJob } from '../give-up-job/give-up-job.ts';
import { ApiUnderTest, aJob } from '../jobs-api/api-under-test.ts';
import { listSeats } from '../list-seats/list-seats.ts';
import { askForTurns } from '../run-nodes/launch-turns.ts';
import { JobSpecs } from '../state-report/job-specs.ts';
import { reportState } from '../state-report/report-state.ts';
import { sweepRuns } from '../sweep-jobs/sweep-runs.ts';
import { openSeat } from './open-seat.ts';

const calls: string[] = [];
const workflow = {
  start: async (uid: string) => void calls.push(`start ${uid}`),
  stageEnded: async () => undefined,
  groupReady: async () => undefined,
  groupEnded: async (_: string, groupId: string) => void calls.push(`ended ${groupId}`),
};
const THROTTLED = { error: 'ECS.ThrottlingException', cause: 'Rate exceeded' };

let api: ApiUnderTest;
let uid: string;
const ports = () => ({ ...api.deps, workflow, logs: noLogs, secretsOf: async () => ({}) });
const turn = () => ({ jobUid: uid, groupId: 'group0', seat: 0 });
const open = () => openSeat(ports(), 'here', turn());
const seat = () => api.readSeat(uid, 0);
const jobState = async () =>
  (await api.send('GET', 'projects/p1/locations/us-central1/jobs/job')).json.status;

async function opened() {
  const answer = await open();
  if (!answer.launch) throw new Error('the seat was to be opened');
  return answer;
}

const claimed = (claim: string) =>
  claimNode(ports(), `Bearer ${claim}`, { taskArn: 'arn:task/1', logStream: 'node/agent/1' });

beforeEach(async () => {
  calls.length = 0;
  api = new ApiUnderTest(memoryStore({ maxWrites: 100 }));
  uid = await api.create('job', aJob({ taskCount: '3' }));
  await api.planOnFargate(uid);
});

describe('openSeat', () => {
  it('says what to run, as the plan has it', async () => {
    expect((await opened()).run).toEqual({
      taskDefinition: 'arn:task-definition/sluice-node-1:1',
      capacityProvider: 'FARGATE_SPOT',
      subnets: ['subnet-1'],
      assignPublicIp: 'ENABLED',
      tags: [{ Key: 'batch-job-id', Value: 'job' }],
    });
    expect((await seat()).node).toMatchObject({ zone: 'here', machineType: 'fargate-2-4096' });
  });

  it('opens an epoch with a claim that says nothing but where it belongs', async () => {
    const { epoch, claim } = await opened();
    expect(epoch).toBe(1);
    expect(claim).toMatch(new RegExp(`^sluice\\.${uid}\\.group0\\.0\\.1\\.[\\w-]{43}$`));
    expect(await seat()).toMatchObject({ state: 'STARTING', epoch: 1 });
  });

  it('closes the epoch of an earlier call first', async () => {
    const first = await opened();
    expect((await opened()).epoch).toBe(2);
    await expect(claimed(first.claim)).rejects.toMatchObject({ status: 'UNAUTHENTICATED' });
  });

  it('opens none when nothing is left, when the group has ended, and when there is no such seat', async () => {
    await api.changeSeat(uid, 0, (record) => {
      record.unstarted = [];
    });
    expect(await open()).toMatchObject({ launch: false, later: false });
    await api.changeGroup(uid, (group) => {
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
    await api.changeSeat(uid, 0, (record) => Object.assign(record, change));
    expect(await open()).toMatchObject({ launch: false, later: false });
    const group = await api.store.get(groupKey(uid, 'group0'));
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
    const report = { ...api.deps, specs: new JobSpecs(api.store) };
    const answer = await reportState(report, `Bearer ${config.token}`, { agentInfo: { taskQueueSize: 4 } });
    expect(answer.tasks?.length).toBeGreaterThan(0);
    await expect(reportState(report, `Bearer ${claim}`, {})).rejects.toMatchObject({
      status: 'UNAUTHENTICATED',
    });
  });

  it('lets what runs on a Spot node go on for most of the notice that Spot gives', async () => {
    expect((await claimed((await opened()).claim)).stopGraceMs).toBe(90_000);
    await api.changeGroup(uid, (group) =>
      Object.assign(group, { launch: { ...group.launch, capacityProvider: 'FARGATE' } }),
    );
    expect(await claimed((await opened()).claim)).not.toHaveProperty('stopGraceMs');
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
    const stored = JSON.stringify(await api.store.changes(0, 1000));
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
    await api.changeSeat(uid, 0, (record) => {
      record.unstarted = [];
    });
    expect(await closeSeat(ports(), { ...turn(), epoch })).toMatchObject({ again: false });
    await api.changeGroup(uid, (group) => {
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

describe('turns', () => {
  const launches = (count: number, job = 'another') =>
    askForTurns(api.deps, 'FARGATE', { uid: job, name: 'group0', count });

  it('a seat that others have put off waits for its turn, and is opened then', async () => {
    await launches(300);
    expect((await listSeats(api.deps, uid, 'group0')).seats).toEqual([[0, 1]]);
    await launches(5, 'a-third');
    expect(await open()).toEqual({ launch: false, later: true, waitSeconds: 1 });
    expect(await seat()).toMatchObject({ epoch: 0 });
    api.now += 1000;
    expect(await open()).toMatchObject({ launch: true, epoch: 1 });
  });

  it('a node that takes the place of a lost one has a turn too', async () => {
    await listSeats(api.deps, uid, 'group0');
    const { epoch } = await opened();
    await launches(400);
    await launches(400, 'a-third');
    const { pauseSeconds } = await closeSeat(ports(), { ...turn(), epoch });
    expect(pauseSeconds).toBe(1);
    expect(await open()).toMatchObject({ launch: true, epoch: 2 });
    const ledger = JSON.stringify(await api.store.get(launchesKey('FARGATE')));
    expect(ledger).toContain('group0/0/1');
  });

  it('on-demand and Spot nodes have a rate each', async () => {
    await launches(1_000);
    const policy = { provisioningModel: 'SPOT' as const };
    const spot = await api.create('spot', aJob({}, { allocationPolicy: { instances: [{ policy }] } }));
    await api.planOnFargate(spot);
    expect((await listSeats(api.deps, spot, 'group0')).seats).toEqual([[0, 0]]);
  });

  it('lists again what it has listed, when its answer was lost', async () => {
    await launches(300);
    const first = await listSeats(api.deps, uid, 'group0');
    expect(await listSeats(api.deps, uid, 'group0')).toEqual(first);
  });
});

describe('listSeats', () => {
  it('says where the nodes run, and lists none of a group that has ended', async () => {
    expect(await listSeats(api.deps, uid, 'group0')).toEqual({
      seats: [[0, 0]],
      capacityProvider: 'FARGATE',
    });
    const policy = { provisioningModel: 'SPOT' as const };
    const spot = await api.create('spot', aJob({}, { allocationPolicy: { instances: [{ policy }] } }));
    await api.planOnFargate(spot);
    expect((await listSeats(api.deps, spot, 'group0')).capacityProvider).toBe('FARGATE_SPOT');
    expect((await listSeats(api.deps, spot, 'none')).seats).toEqual([]);
  });
});

describe('giveUpJob', () => {
  it('stops nodes, takes their tasks and writes the outcome with the reason', async () => {
    const stopped: string[] = [];
    await claimed((await opened()).claim);
    const stopNode = async (arn: string) => void stopped.push(arn);
    await giveUpJob({ ...ports(), stopNode }, uid, 'its run broke off');
    expect(stopped).toEqual(['arn:task/1']);
    expect(await jobState()).toMatchObject({ state: 'FAILED' });
    expect(JSON.stringify(await jobState())).toContain('its run broke off');
    expect(await api.store.get<SeatRecord>(seatKey(uid, 'group0', 0))).toMatchObject({
      body: { state: 'LOST' },
    });
    await giveUpJob({ ...ports(), stopNode }, uid, 'again');
    expect(stopped).toHaveLength(1);
  });

  it('fails a job that could not be planned', async () => {
    const early = await api.create('early');
    await giveUpJob({ ...ports(), stopNode: async () => undefined }, early, 'no plan');
    const { json } = await api.send('GET', 'projects/p1/locations/us-central1/jobs/early');
    expect(json.status.state).toBe('FAILED');
    expect(JSON.stringify(json.status)).toContain('could not be run: no plan');
  });
});

describe('sweepRuns', () => {
  const sweep = async () => {
    const stopped: string[] = [];
    const errors: unknown[] = [];
    const stopNode = async (arn: string, reason: string) => void stopped.push(`${arn} ${reason}`);
    await sweepRuns({ ...ports(), stopNode, logError: (error) => errors.push(error) });
    expect(errors).toEqual([]);
    return stopped;
  };

  it('starts runs again and leaves nodes that report alone', async () => {
    await claimed((await opened()).claim);
    expect(await sweep()).toEqual([]);
    expect(calls).toContain(`start ${uid}`);
  });

  it('stops a node that has fallen silent, and one that outstays its group', async () => {
    await claimed((await opened()).claim);
    await api.changeSeat(uid, 0, (record) => {
      record.lastReportAt = api.now;
    });
    api.now += 181_000;
    expect(await sweep()).toEqual(['arn:task/1 it has not reported for 181 s']);
    await api.changeGroup(uid, (group) => {
      group.endedAt = api.now - 100_000;
    });
    expect(await sweep()).toEqual(['arn:task/1 its task group has ended']);
  });
});
