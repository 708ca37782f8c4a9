import { describe, expect, it } from 'vitest';
import { launchesKey, seatKey } from '../../shared/core/keys.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { closeSeat } from '../close-seat/close-seat.ts';
import { giveUpJob } from '../give-up-job/give-up-job.ts';
import { aJob } from '../jobs-api/api-under-test.ts';
import { listSeats } from '../list-seats/list-seats.ts';
import { askForTurns } from '../run-nodes/launch-turns.ts';
import { sweepRuns } from '../sweep-jobs/sweep-runs.ts';
import { seatUnderTest } from './seat-under-test.ts';

const seats = seatUnderTest(() => memoryStore({ maxWrites: 100 }));
const { calls, ports, turn, open, opened, claimed, seat, jobState } = seats;

describe('turns', () => {
  const launches = (count: number, job = 'another') =>
    askForTurns(seats.api.deps, 'FARGATE', { uid: job, name: 'group0', count });

  it('a seat that others have put off waits for its turn, and is opened then', async () => {
    await launches(300);
    expect((await listSeats(seats.api.deps, seats.uid, 'group0')).seats).toEqual([[0, 1]]);
    await launches(5, 'a-third');
    expect(await open()).toEqual({ launch: false, later: true, waitSeconds: 1 });
    expect(await seat()).toMatchObject({ epoch: 0 });
    seats.api.now += 1000;
    expect(await open()).toMatchObject({ launch: true, epoch: 1 });
  });

  it('a node that takes the place of a lost one has a turn too', async () => {
    await listSeats(seats.api.deps, seats.uid, 'group0');
    const { epoch } = await opened();
    await launches(400);
    await launches(400, 'a-third');
    const { pauseSeconds } = await closeSeat(ports(), { ...turn(), epoch });
    expect(pauseSeconds).toBe(1);
    expect(await open()).toMatchObject({ launch: true, epoch: 2 });
    const ledger = JSON.stringify(await seats.api.store.get(launchesKey('FARGATE')));
    expect(ledger).toContain('group0/0/1');
  });

  it('on-demand and Spot nodes have a rate each', async () => {
    await launches(1_000);
    const policy = { provisioningModel: 'SPOT' as const };
    const spot = await seats.api.create('spot', aJob({}, { allocationPolicy: { instances: [{ policy }] } }));
    await seats.api.planOnFargate(spot);
    expect((await listSeats(seats.api.deps, spot, 'group0')).seats).toEqual([[0, 0]]);
  });

  it('lists again what it has listed, when its answer was lost', async () => {
    await launches(300);
    const first = await listSeats(seats.api.deps, seats.uid, 'group0');
    expect(await listSeats(seats.api.deps, seats.uid, 'group0')).toEqual(first);
  });
});

describe('listSeats', () => {
  it('says where the nodes run, and lists none of a group that has ended', async () => {
    expect(await listSeats(seats.api.deps, seats.uid, 'group0')).toEqual({
      seats: [[0, 0]],
      capacityProvider: 'FARGATE',
    });
    const policy = { provisioningModel: 'SPOT' as const };
    const spot = await seats.api.create('spot', aJob({}, { allocationPolicy: { instances: [{ policy }] } }));
    await seats.api.planOnFargate(spot);
    expect((await listSeats(seats.api.deps, spot, 'group0')).capacityProvider).toBe('FARGATE_SPOT');
    expect((await listSeats(seats.api.deps, spot, 'none')).seats).toEqual([]);
  });
});

describe('giveUpJob', () => {
  it('stops nodes, takes their tasks and writes the outcome with the reason', async () => {
    const stopped: string[] = [];
    await claimed((await opened()).claim);
    const stopNode = async (arn: string) => void stopped.push(arn);
    await giveUpJob({ ...ports(), stopNode }, seats.uid, 'its run broke off');
    expect(stopped).toEqual(['arn:task/1']);
    expect(await jobState()).toMatchObject({ state: 'FAILED' });
    expect(JSON.stringify(await jobState())).toContain('its run broke off');
    expect(await seats.api.store.get<SeatRecord>(seatKey(seats.uid, 'group0', 0))).toMatchObject({
      body: { state: 'LOST' },
    });
    await giveUpJob({ ...ports(), stopNode }, seats.uid, 'again');
    expect(stopped).toHaveLength(1);
  });

  it('fails a job that could not be planned', async () => {
    const early = await seats.api.create('early');
    await giveUpJob({ ...ports(), stopNode: async () => undefined }, early, 'no plan');
    const { json } = await seats.api.send('GET', 'projects/p1/locations/us-central1/jobs/early');
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
    expect(calls).toContain(`start ${seats.uid}`);
  });

  it('stops a node that has fallen silent, and one that outstays its group', async () => {
    await claimed((await opened()).claim);
    await seats.api.changeSeat(seats.uid, 0, (record) => {
      record.lastReportAt = seats.api.now;
    });
    seats.api.now += 181_000;
    expect(await sweep()).toEqual(['arn:task/1 it has not reported for 181 s']);
    await seats.api.changeGroup(seats.uid, (group) => {
      group.endedAt = seats.api.now - 100_000;
    });
    expect(await sweep()).toEqual(['arn:task/1 its task group has ended']);
  });
});
